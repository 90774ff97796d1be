/*===-- module.c - Modules: weights, queries, size programs ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

RT_INTERNAL mlopt_rt_status_t rt_check_module_options(const mlopt_rt_module_options_t *o) {
  if (o && o->struct_size != sizeof(*o))
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "module options: struct_size is %u, expected %zu",
                    o->struct_size, sizeof(*o));
  return NULL;
}

/*===---- Weights -----------------------------------------------------------------------===*/

/* The file that holds the code at `address`: a module in an executable or in a library that
 * somebody else loaded keeps its weights beside that file. */
static bool rt_file_of_address(const void *address, char *path, size_t room) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps)
    return false;
  bool found = false;
  char *line = NULL;
  size_t size = 0;
  while (!found && getline(&line, &size, maps) > 0) {
    unsigned long begin, end;
    int at = 0;
    if (sscanf(line, "%lx-%lx %*s %*s %*s %*s %n", &begin, &end, &at) < 2 ||
        (uintptr_t)address < begin || (uintptr_t)address >= end || line[at] != '/')
      continue;
    line[strcspn(line, "\n")] = 0;
    found = strlen(line + at) < room;
    if (found)
      strcpy(path, line + at);
  }
  free(line);
  fclose(maps);
  return found;
}

static mlopt_rt_status_t rt_map_weights(mlopt_rt_module_t *module, const char *path) {
  const mlopt_weights *w = &module->header->weights;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return rt_error(MLOPT_RT_WEIGHTS,
                    "cannot open the weights file '%s': %s; keep it beside the artefact or give "
                    "its path when loading",
                    path, strerror(errno));
  struct stat st;
  void *map = MAP_FAILED;
  if (fstat(fd, &st) == 0 && st.st_size >= (off_t)sizeof(mlopt_weights_file))
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (map == MAP_FAILED)
    return rt_error(MLOPT_RT_WEIGHTS,
                    "cannot read the weights file '%s': it is too short or cannot be mapped", path);
  const mlopt_weights_file *f = map;
  const char *why = NULL;
  if (memcmp(f->magic, MLOPT_WEIGHTS_MAGIC, 8) != 0)
    why = "it is no weights file";
  else if (memcmp(f->sha256, w->sha256, 32) != 0)
    why = "it holds the weights of another module";
  else if (f->data_bytes != w->bytes || f->data_offset % MLOPT_ALIGNMENT ||
           f->data_offset > (uint64_t)st.st_size ||
           f->data_bytes > (uint64_t)st.st_size - f->data_offset)
    why = "it is cut off";
  if (why) {
    munmap(map, (size_t)st.st_size);
    return rt_error(MLOPT_RT_WEIGHTS, "cannot use the weights file '%s': %s", path, why);
  }
  module->weights_map = map;
  module->weights_map_bytes = (size_t)st.st_size;
  module->weights = (const uint8_t *)map + f->data_offset;
  return NULL;
}

static mlopt_rt_status_t rt_find_weights(mlopt_rt_module_t *module,
                                         const mlopt_rt_module_options_t *o,
                                         const uint8_t *embedded, const char *artefact) {
  const mlopt_module *m = module->header;
  switch (m->weights.mode) {
  case MLOPT_WEIGHTS_EMBEDDED:
    module->weights = embedded ? embedded : (const uint8_t *)m + rt_links(m)[0];
    if ((uintptr_t)module->weights % MLOPT_ALIGNMENT && !module->metadata_only)
      return rt_error(MLOPT_RT_BAD_ARTEFACT, "the embedded weights are not aligned to %u bytes",
                      MLOPT_ALIGNMENT);
    return NULL;
  case MLOPT_WEIGHTS_FILE:
    break;
  default:
    return NULL;
  }
  if (o && o->weights_data) {
    if ((uintptr_t)o->weights_data % MLOPT_ALIGNMENT)
      return rt_error(MLOPT_RT_MISALIGNED, "weights_data is not aligned to %u bytes",
                      MLOPT_ALIGNMENT);
    if (o->weights_bytes < m->weights.bytes)
      return rt_error(MLOPT_RT_BUFFER_TOO_SMALL,
                      "weights_data has %llu bytes, the module needs %llu",
                      (unsigned long long)o->weights_bytes, (unsigned long long)m->weights.bytes);
    module->weights = o->weights_data;
    return NULL;
  }
  char path[PATH_MAX + sizeof(MLOPT_WEIGHTS_SUFFIX)];
  mlopt_rt_status_t status;
  if (o && o->weights_path) {
    status = rt_map_weights(module, o->weights_path);
  } else {
    bool known = artefact ? strlen(artefact) < PATH_MAX : rt_file_of_address(m, path, PATH_MAX);
    if (artefact && known)
      strcpy(path, artefact);
    if (!known)
      return rt_error(MLOPT_RT_WEIGHTS,
                      "module '%s' keeps its weights in a file; give its path when loading",
                      rt_string(m, m->name));
    strcat(path, MLOPT_WEIGHTS_SUFFIX);
    status = rt_map_weights(module, path);
  }
  if (status && module->metadata_only) {
    mlopt_rt_status_release(status);
    status = NULL;
  }
  return status;
}

mlopt_rt_status_t mlopt_rt_module_verify_weights(const mlopt_rt_module_t *module) {
  if (!module)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the module is null");
  const mlopt_module *m = module->header;
  if (m->weights.mode == MLOPT_WEIGHTS_NONE)
    return NULL;
  if (!module->weights)
    return rt_error(MLOPT_RT_WEIGHTS, "the weights of module '%s' are missing",
                    rt_string(m, m->name));
  if (!rt_sha256_matches(module->weights, (size_t)m->weights.bytes, m->weights.sha256))
    return rt_error(MLOPT_RT_HASH_MISMATCH,
                    "the weights of module '%s' differ from their hash: the file is damaged",
                    rt_string(m, m->name));
  return NULL;
}

RT_INTERNAL void rt_drop_weight_pages(const mlopt_rt_module_t *module) {
  uint64_t bytes = module->header->weights.bytes;
  if (!module->weights || !bytes)
    return;
  /* Dropping is safe where the next reader gets the same bytes from the file: in a read-only
   * private mapping of a file that nobody wrote to. Weights have no relocations, so that those of a
   * library or program are such; pages that they share with something else are left alone. Memory
   * of the caller, or that a just-in-time linker filled, has no file and stays. */
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps)
    return;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = ((uintptr_t)module->weights + page - 1) / page * page;
  uintptr_t last = ((uintptr_t)module->weights + (uintptr_t)bytes) / page * page;
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, maps) > 0) {
    unsigned long begin, end;
    char access[5] = "";
    int at = 0;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &begin, &end, access, &at) < 3 || !at ||
        line[at] != '/' || access[0] != 'r' || access[1] != '-' || access[3] != 'p')
      continue;
    uintptr_t from = begin > first ? begin : first, to = end < last ? end : last;
    if (from < to)
      madvise((void *)from, to - from, MADV_DONTNEED);
  }
  free(line);
  fclose(maps);
}

/*===---- Life --------------------------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_module_make(const mlopt_module *header,
                                             const mlopt_rt_module_options_t *o,
                                             const uint8_t *embedded, const char *artefact,
                                             mlopt_rt_module_t **out) {
  mlopt_rt_module_t *module = calloc(1, sizeof(*module));
  if (!module)
    return rt_out_of_memory();
  atomic_init(&module->references, 1);
  pthread_mutex_init(&module->gpu_lock, NULL);
  module->header = header;
  module->metadata_only = o && (o->flags & MLOPT_RT_MODULE_METADATA_ONLY);
  mlopt_rt_status_t status = NULL;
  if (!module->metadata_only)
    status = rt_select_level(header, o ? o->cpu_level : NULL, &module->level);
  if (!status)
    status = rt_find_weights(module, o, embedded, artefact);
  if (!status && o && (o->flags & MLOPT_RT_MODULE_VERIFY_WEIGHTS))
    status = mlopt_rt_module_verify_weights(module);
  if (status) {
    mlopt_rt_module_release(module);
    return status;
  }
  *out = module;
  return NULL;
}

mlopt_rt_status_t mlopt_rt_module_from_query(mlopt_module_query_fn query,
                                             const mlopt_rt_module_options_t *options,
                                             mlopt_rt_module_t **module) {
  if (!query || !module)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the query function or the place for the module is null");
  *module = NULL;
  mlopt_rt_status_t status = rt_check_module_options(options);
  if (status)
    return status;
  const mlopt_module *header = query();
  if (!header)
    return rt_error(MLOPT_RT_BAD_ARTEFACT, "the query function gives no module");
  status = rt_check_image(header, SIZE_MAX, "the linked module");
  return status ? status : rt_module_make(header, options, NULL, NULL, module);
}

void mlopt_rt_module_retain(mlopt_rt_module_t *module) {
  if (module)
    atomic_fetch_add_explicit(&module->references, 1, memory_order_relaxed);
}

void mlopt_rt_module_release(mlopt_rt_module_t *module) {
  if (!module || atomic_fetch_sub_explicit(&module->references, 1, memory_order_acq_rel) != 1)
    return;
  if (module->weights_map)
    munmap(module->weights_map, module->weights_map_bytes);
  pthread_mutex_destroy(&module->gpu_lock);
  if (module->unload)
    module->unload(module);
  free(module);
}

/*===---- Queries -----------------------------------------------------------------------===*/

const mlopt_module *mlopt_rt_module_header(const mlopt_rt_module_t *module) {
  return module ? module->header : NULL;
}
const char *mlopt_rt_module_name(const mlopt_rt_module_t *module) {
  return module ? rt_string(module->header, module->header->name) : "";
}
const char *mlopt_rt_module_producer(const mlopt_rt_module_t *module) {
  return module ? rt_string(module->header, module->header->producer) : "";
}
const char *mlopt_rt_module_metadata(const mlopt_rt_module_t *module) {
  return module && module->header->metadata_offset
             ? (const char *)module->header + module->header->metadata_offset
             : "{}";
}
const char *mlopt_rt_module_level(const mlopt_rt_module_t *module) {
  return module && !module->metadata_only
             ? rt_string(module->header, RT_LEVEL(module->header, module->level)->name)
             : "";
}
uint32_t mlopt_rt_module_level_count(const mlopt_rt_module_t *module) {
  return module ? module->header->levels.count : 0;
}
const char *mlopt_rt_module_level_name(const mlopt_rt_module_t *module, uint32_t level,
                                       uint64_t *features) {
  if (level >= mlopt_rt_module_level_count(module))
    return NULL;
  const mlopt_level *l = RT_LEVEL(module->header, level);
  if (features)
    *features = l->features;
  return rt_string(module->header, l->name);
}
uint64_t mlopt_rt_module_weights_bytes(const mlopt_rt_module_t *module) {
  return module ? module->header->weights.bytes : 0;
}
uint32_t mlopt_rt_module_entry_count(const mlopt_rt_module_t *module) {
  return module ? module->header->entries.count : 0;
}

int32_t mlopt_rt_module_find_entry(const mlopt_rt_module_t *module, const char *name) {
  if (!module)
    return -1;
  if (!name)
    return 0;
  for (uint32_t i = 0; i < module->header->entries.count; ++i)
    if (strcmp(rt_string(module->header, RT_ENTRY(module->header, i)->name), name) == 0)
      return (int32_t)i;
  return -1;
}

static const mlopt_entry *rt_entry(const mlopt_rt_module_t *module, uint32_t entry) {
  return module && entry < module->header->entries.count ? RT_ENTRY(module->header, entry) : NULL;
}

const char *mlopt_rt_module_entry_name(const mlopt_rt_module_t *module, uint32_t entry) {
  const mlopt_entry *e = rt_entry(module, entry);
  return e ? rt_string(module->header, e->name) : NULL;
}
uint32_t mlopt_rt_module_input_count(const mlopt_rt_module_t *module, uint32_t entry) {
  const mlopt_entry *e = rt_entry(module, entry);
  return e ? e->inputs.count : 0;
}
uint32_t mlopt_rt_module_output_count(const mlopt_rt_module_t *module, uint32_t entry) {
  const mlopt_entry *e = rt_entry(module, entry);
  return e ? e->outputs.count : 0;
}
uint32_t mlopt_rt_module_symbol_count(const mlopt_rt_module_t *module, uint32_t entry) {
  const mlopt_entry *e = rt_entry(module, entry);
  return e ? e->symbols.count : 0;
}

static mlopt_rt_status_t rt_tensor_info(const mlopt_rt_module_t *module, uint32_t entry,
                                        bool output, uint32_t index, mlopt_rt_tensor_info_t *info) {
  const mlopt_entry *e = rt_entry(module, entry);
  if (!e || !info || info->struct_size != sizeof(*info))
    return rt_error(
        MLOPT_RT_INVALID_ARGUMENT,
        "the module or info is null, struct_size is not set, or entry point %u does not exist",
        entry);
  mlopt_slice slice = output ? e->outputs : e->inputs;
  if (index >= slice.count)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "%s %u does not exist: there are %u",
                    output ? "output" : "input", index, slice.count);
  const mlopt_module *m = module->header;
  const mlopt_tensor *t = RT_TENSOR(m, slice.first + index);
  memset(info, 0, sizeof(*info));
  info->struct_size = sizeof(*info);
  info->dtype = t->dtype;
  info->name = rt_string(m, t->name);
  info->rank = t->dims.count;
  info->donated = t->donated;
  for (uint32_t i = 0; i < t->dims.count; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    info->dims[i].size = d->kind == MLOPT_DIM_CONSTANT ? d->value : -1;
    info->dims[i].symbol_index = UINT32_MAX;
    if (d->kind == MLOPT_DIM_SYMBOL) {
      info->dims[i].symbol_index = (uint32_t)d->value;
      info->dims[i].symbol =
          rt_string(m, RT_SYMBOL(m, e->symbols.first + (uint32_t)d->value)->name);
    }
  }
  return NULL;
}

mlopt_rt_status_t mlopt_rt_module_input(const mlopt_rt_module_t *module, uint32_t entry,
                                        uint32_t index, mlopt_rt_tensor_info_t *info) {
  return rt_tensor_info(module, entry, false, index, info);
}
mlopt_rt_status_t mlopt_rt_module_output(const mlopt_rt_module_t *module, uint32_t entry,
                                         uint32_t index, mlopt_rt_tensor_info_t *info) {
  return rt_tensor_info(module, entry, true, index, info);
}

mlopt_rt_status_t mlopt_rt_module_symbol(const mlopt_rt_module_t *module, uint32_t entry,
                                         uint32_t index, mlopt_rt_symbol_info_t *info) {
  const mlopt_entry *e = rt_entry(module, entry);
  if (!e || !info || info->struct_size != sizeof(*info) || index >= e->symbols.count)
    return rt_error(
        MLOPT_RT_INVALID_ARGUMENT,
        "the module or info is null, struct_size is not set, or symbol %u does not exist", index);
  const mlopt_symbol *s = RT_SYMBOL(module->header, e->symbols.first + index);
  info->name = rt_string(module->header, s->name);
  info->minimum = s->minimum;
  info->maximum = s->maximum;
  info->usual = s->usual;
  return NULL;
}

/*===---- Sizes -------------------------------------------------------------------------===*/

RT_INTERNAL mlopt_rt_status_t rt_check_symbol_range(const mlopt_module *m, const mlopt_symbol *s,
                                                    int64_t value) {
  if (value >= s->minimum && value <= s->maximum)
    return NULL;
  if (s->maximum == INT64_MAX)
    return rt_error(MLOPT_RT_WRONG_DIM, "size '%s' is %lld, the model needs at least %lld",
                    rt_string(m, s->name), (long long)value, (long long)s->minimum);
  return rt_error(MLOPT_RT_WRONG_DIM, "size '%s' is %lld, the model was compiled for %lld to %lld",
                  rt_string(m, s->name), (long long)value, (long long)s->minimum,
                  (long long)s->maximum);
}

RT_INTERNAL mlopt_rt_status_t rt_symbols_from_sizes(const mlopt_module *m, const mlopt_entry *e,
                                                    const mlopt_rt_size_t *sizes, uint32_t count,
                                                    bool largest, int64_t *symbols) {
  for (uint32_t i = 0; i < e->symbols.count; ++i) {
    const mlopt_symbol *s = RT_SYMBOL(m, e->symbols.first + i);
    symbols[i] = largest && s->maximum != INT64_MAX ? s->maximum : s->usual;
  }
  if (count && !sizes)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the list of sizes is null");
  for (uint32_t j = 0; j < count; ++j) {
    bool found = false;
    for (uint32_t i = 0; i < e->symbols.count; ++i) {
      const mlopt_symbol *s = RT_SYMBOL(m, e->symbols.first + i);
      if (!sizes[j].name || strcmp(rt_string(m, s->name), sizes[j].name) != 0)
        continue;
      found = true;
      symbols[i] = sizes[j].value;
    }
    if (!found) {
      rt_text list = {{0}, 0};
      for (uint32_t i = 0; i < e->symbols.count; ++i)
        rt_append(&list, "%s'%s'", i ? ", " : "",
                  rt_string(m, RT_SYMBOL(m, e->symbols.first + i)->name));
      return rt_error(MLOPT_RT_UNKNOWN_NAME, "the model has no size '%s'; it has %s",
                      sizes[j].name ? sizes[j].name : "(null)",
                      list.used ? list.data : "none: all its sizes are fixed");
    }
  }
  for (uint32_t i = 0; i < e->symbols.count; ++i) {
    mlopt_rt_status_t status =
        rt_check_symbol_range(m, RT_SYMBOL(m, e->symbols.first + i), symbols[i]);
    if (status)
      return status;
  }
  return NULL;
}

RT_INTERNAL mlopt_rt_status_t rt_call_sizes(const mlopt_module *m, const mlopt_entry *e,
                                            const mlopt_code *c, const int64_t *symbols,
                                            int64_t threads, int64_t *values) {
  mlopt_sizes_fn fn = (mlopt_sizes_fn)(uintptr_t)((const uint8_t *)m + rt_links(m)[c->sizes_link]);
  int32_t failed = fn(symbols, threads, values);
  if (!failed) {
    for (uint32_t i = 0; i < e->value_count; ++i)
      if (values[i] < 0)
        return rt_error(MLOPT_RT_SHAPE_CHECK,
                        "these input sizes give a negative size (%lld); they are too large or do "
                        "not fit together",
                        (long long)values[i]);
    return NULL;
  }
  rt_text list = {{0}, 0};
  for (uint32_t i = 0; i < e->symbols.count; ++i)
    rt_append(&list, "%s%s = %lld", i ? ", " : "",
              rt_string(m, RT_SYMBOL(m, e->symbols.first + i)->name), (long long)symbols[i]);
  const char *what =
      failed > 0 && (uint32_t)failed <= c->checks.count
          ? rt_string(m, RT_CHECK(m, c->checks.first + (uint32_t)failed - 1)->message)
          : "the model cannot work with these sizes";
  return rt_error(MLOPT_RT_SHAPE_CHECK, "%s (%s)", what, list.data);
}

mlopt_rt_status_t mlopt_rt_module_arena_bytes(const mlopt_rt_module_t *module, uint32_t entry,
                                              const mlopt_rt_size_t *sizes, uint32_t count,
                                              int64_t threads, uint64_t *bytes,
                                              uint64_t *lower_bound) {
  const mlopt_entry *e = rt_entry(module, entry);
  if (!e || !bytes || threads < 1 || module->metadata_only)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT,
                    "the module (loaded for use), entry point, number of threads (at least 1) and "
                    "place for the result are needed");
  int64_t *memory = calloc((size_t)e->symbols.count + e->value_count, sizeof(int64_t));
  if (!memory)
    return rt_out_of_memory();
  int64_t *values = memory + e->symbols.count;
  mlopt_rt_status_t status = rt_symbols_from_sizes(module->header, e, sizes, count, false, memory);
  if (!status)
    status = rt_call_sizes(module->header, e, rt_code_of(module->header, module->level, entry),
                           memory, threads, values);
  if (!status) {
    *bytes = (uint64_t)values[MLOPT_VALUE_ARENA_BYTES];
    if (lower_bound)
      *lower_bound = (uint64_t)values[MLOPT_VALUE_LOWER_BOUND];
  }
  free(memory);
  return status;
}
