/*===-- loader.c - Loading a shared library ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "../core/internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void rt_unload(mlopt_rt_module_t *module) {
  if (module->library)
    dlclose(module->library);
  if (module->file_map)
    munmap(module->file_map, module->file_map_bytes);
}

static mlopt_rt_status_t rt_map_file(const char *path, void **map, size_t *bytes) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return rt_error(MLOPT_RT_IO, "cannot open '%s': %s", path, strerror(errno));
  struct stat st;
  mlopt_rt_status_t status = NULL;
  if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
    status = rt_error(MLOPT_RT_IO, "cannot read '%s': it is no regular file", path);
  else if (st.st_size == 0)
    status = rt_error(MLOPT_RT_BAD_ARTEFACT, "'%s' is empty", path);
  else if ((*map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) == MAP_FAILED)
    status = rt_error(MLOPT_RT_IO, "cannot map '%s': %s", path, strerror(errno));
  else
    *bytes = (size_t)st.st_size;
  close(fd);
  return status;
}

/* Writes `path` with "./" `times` times in front of the name of the file: the same file by another
 * name. */
static void rt_other_name(const char *path, unsigned times, char *other) {
  const char *slash = strrchr(path, '/');
  size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
  memcpy(other, path, folder);
  for (unsigned i = 0; i < times; ++i)
    memcpy(other + folder + 2 * i, "./", 2);
  memcpy(other + folder + 2 * times, path + folder, strlen(path + folder) + 1);
}

/* Loads the library and finds its header, which must be the one that was checked.
 *
 * As long as a library is loaded, the dynamic linker takes its name for it, even where another
 * file has taken its place. So a file that was replaced is loaded by another name; a name may be
 * taken in its turn by the file that replaced it, whose module lives. A file that was overwritten
 * instead is the one that is loaded, by any name: that ends the search. */
static mlopt_rt_status_t rt_load_library(const char *path, const mlopt_module *checked,
                                         void **library, const mlopt_module **header) {
  enum { names = 256 }; /* that many versions of one file at a time */
  char *absolute = realpath(path, NULL); /* dlopen searches elsewhere for a name without a slash */
  const char *own = absolute ? absolute : path;
  char *name = malloc(strlen(own) + 2 * names + 1);
  mlopt_rt_status_t status = NULL;
  void *last = NULL;
  for (unsigned i = 0; name; ++i) {
    rt_other_name(own, i, name);
    *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (last)
      dlclose(last); /* only now: until then no other library can have its address */
    if (!*library) {
      status = rt_error(MLOPT_RT_IO, "cannot load '%s': %s", path, dlerror());
      break;
    }
    mlopt_module_query_fn query;
    void *symbol = dlsym(*library, MLOPT_MODULE_QUERY_SYMBOL);
    memcpy(&query, &symbol, sizeof(query));
    *header = symbol ? query() : NULL;
    if (*header && memcmp(*header, checked, (size_t)checked->image_bytes) == 0)
      break;
    if (*library == last || i + 1 == names) {
      dlclose(*library);
      *library = NULL;
      status = rt_error(MLOPT_RT_BAD_ARTEFACT,
                        "'%s' does not export the module that it holds (%s), or was replaced while "
                        "it was loaded, or overwritten while in use; replace a file by renaming",
                        path, MLOPT_MODULE_QUERY_SYMBOL);
      break;
    }
    last = *library;
  }
  if (!name)
    status = rt_error(MLOPT_RT_OUT_OF_MEMORY, "no memory to load '%s'", path);
  free(name);
  free(absolute);
  return status;
}

mlopt_rt_status_t mlopt_rt_module_open(const char *path, const mlopt_rt_module_options_t *options,
                                       mlopt_rt_module_t **module) {
  if (!path || !module)
    return rt_error(MLOPT_RT_INVALID_ARGUMENT, "the path or the place for the module is null");
  *module = NULL;
  mlopt_rt_status_t status = rt_check_module_options(options);
  if (status)
    return status;
  void *map = NULL;
  size_t bytes = 0;
  if ((status = rt_map_file(path, &map, &bytes)))
    return status;

  rt_elf elf;
  const uint8_t *image = NULL, *embedded = NULL;
  size_t available = 0;
  void *library = NULL;
  char where[256];
  snprintf(where, sizeof(where), "'%s'", path);
  status = rt_elf_open(map, bytes, path, &elf, &image, &available);
  if (!status)
    status = rt_check_image(image, available, where);
  const mlopt_module *header = (const mlopt_module *)image;
  if (!status)
    status = rt_elf_check_ranges(&elf, header, path);
  if (!status && header->weights.mode == MLOPT_WEIGHTS_EMBEDDED) {
    embedded =
        rt_elf_at(&elf, elf.image_address + (uint64_t)rt_links(header)[0], header->weights.bytes);
    if (!embedded)
      status = rt_error(MLOPT_RT_BAD_ARTEFACT,
                        "'%s' is cut off or damaged: its weights lie outside of it", path);
  }
  bool metadata_only = options && (options->flags & MLOPT_RT_MODULE_METADATA_ONLY);
  if (!status && !metadata_only) {
    uint32_t level; /* before dlopen: a module for another CPU should say so, whatever its library
                       needs */
    status = rt_select_level(header, options ? options->cpu_level : NULL, &level);
    if (!status)
      status = rt_load_library(path, header, &library, &header);
    embedded = NULL; /* from here on, what the dynamic linker mapped */
    munmap(map, bytes);
    map = NULL;
  }
  if (!status)
    status = rt_module_make(header, options, embedded, path, module);
  if (status) {
    if (library)
      dlclose(library);
    if (map)
      munmap(map, bytes);
    return status;
  }
  (*module)->unload = rt_unload;
  (*module)->library = library;
  (*module)->file_map = map;
  (*module)->file_map_bytes = bytes;
  return NULL;
}
