/*===-- image.c - Checking a module image before anything of it is used ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "../cuda/device.h"

/* The image comes from a file: every offset, count and index is checked here once, and nothing
 * after this checks again. */

typedef struct rt_checker {
  const mlopt_module *m;
  const char *where;
  mlopt_rt_status_t status;
} rt_checker;

static bool rt_bad(rt_checker *k, const char *what) {
  if (!k->status)
    k->status = rt_error(MLOPT_RT_BAD_ARTEFACT, "%s is damaged: %s; compile the model again",
                         k->where, what);
  return false;
}

static bool rt_check_table(rt_checker *k, const mlopt_table *t, size_t record, const char *what) {
  if (!t->count)
    return true;
  uint64_t end = (uint64_t)t->offset + (uint64_t)t->stride * t->count;
  if (t->stride < record || t->stride % 8 || t->offset % 8 || t->offset < k->m->struct_size ||
      end > k->m->link_offset)
    return rt_bad(k, what);
  return true;
}

static bool rt_check_str(rt_checker *k, mlopt_str s) {
  if (s == 0)
    return true;
  if (s < k->m->struct_size || s >= k->m->link_offset ||
      !memchr((const char *)k->m + s, 0, (size_t)(k->m->link_offset - s)))
    return rt_bad(k, "a string lies outside of it");
  return true;
}

static bool rt_check_slice(rt_checker *k, mlopt_slice s, const mlopt_table *t) {
  if ((uint64_t)s.first + s.count > t->count)
    return rt_bad(k, "a reference lies outside of its table");
  return true;
}

static bool rt_check_tensor(rt_checker *k, const mlopt_entry *e, const mlopt_tensor *t, bool output,
                            uint64_t *ranks) {
  const mlopt_module *m = k->m;
  if (!rt_check_str(k, t->name) || !rt_check_slice(k, t->dims, &m->dims))
    return false;
  if (!mlopt_rt_dtype_bytes(t->dtype))
    return rt_bad(k, "a tensor has an element type that this runtime does not know");
  if (t->dims.count > MLOPT_MAX_RANK)
    return rt_bad(k, "a tensor has too many dimensions");
  if (t->donated < -1 || (t->donated >= 0 && (!output || (uint32_t)t->donated >= e->inputs.count)))
    return rt_bad(k, "a donated input does not exist");
  *ranks += t->dims.count;
  for (uint32_t i = 0; i < t->dims.count; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    bool ok = d->kind == MLOPT_DIM_CONSTANT ? d->value >= 0
              : d->kind == MLOPT_DIM_SYMBOL ? d->value >= 0 && (uint64_t)d->value < e->symbols.count
                                            : d->kind == MLOPT_DIM_COMPUTED && output;
    if (!ok)
      return rt_bad(k, "a dimension makes no sense");
  }
  return true;
}

static bool rt_check_symbol(rt_checker *k, const mlopt_entry *e, const mlopt_symbol *s) {
  const mlopt_module *m = k->m;
  if (!rt_check_str(k, s->name))
    return false;
  if (s->input >= e->inputs.count || s->minimum > s->maximum)
    return rt_bad(k, "a symbol makes no sense");
  const mlopt_tensor *t = RT_TENSOR(m, e->inputs.first + s->input);
  if (s->source == MLOPT_SYMBOL_DIM)
    return s->position < t->dims.count && s->minimum >= 0
               ? true
               : rt_bad(k, "a symbol's axis does not exist");
  if (s->source != MLOPT_SYMBOL_ELEMENT || t->dtype < MLOPT_DTYPE_BOOL ||
      t->dtype > MLOPT_DTYPE_UI64)
    return rt_bad(k, "a symbol's source makes no sense");
  /* An element must exist whatever the sizes: its tensor has constant dims. */
  uint64_t elements = 1;
  for (uint32_t i = 0; i < t->dims.count; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    if (d->kind != MLOPT_DIM_CONSTANT ||
        __builtin_mul_overflow(elements, (uint64_t)d->value, &elements))
      return rt_bad(k, "a symbol is an element of a tensor of unknown size");
  }
  return s->position < elements ? true : rt_bad(k, "a symbol's element does not exist");
}

static bool rt_check_entry(rt_checker *k, const mlopt_entry *e) {
  const mlopt_module *m = k->m;
  if (!rt_check_str(k, e->name) || !rt_check_slice(k, e->symbols, &m->symbols) ||
      !rt_check_slice(k, e->inputs, &m->tensors) || !rt_check_slice(k, e->outputs, &m->tensors))
    return false;
  uint64_t ranks = 0, ignored = 0;
  for (uint32_t i = 0; i < e->inputs.count; ++i)
    if (!rt_check_tensor(k, e, RT_TENSOR(m, e->inputs.first + i), false, &ignored))
      return false;
  for (uint32_t i = 0; i < e->outputs.count; ++i)
    if (!rt_check_tensor(k, e, RT_TENSOR(m, e->outputs.first + i), true, &ranks))
      return false;
  for (uint32_t i = 0; i < e->symbols.count; ++i)
    if (!rt_check_symbol(k, e, RT_SYMBOL(m, e->symbols.first + i)))
      return false;
  return e->value_count == MLOPT_VALUE_OUTPUT_DIMS + ranks
             ? true
             : rt_bad(k, "the number of sizes does not match the outputs");
}

/* A tensor of a training module; that it lies within its region is known where the regions are
 * (train.c). Element counts stay below 2^56, so that bytes and ends of tensors fit in 63 bits. */
static bool rt_check_training(rt_checker *k, const mlopt_training_tensor *t) {
  const mlopt_module *m = k->m;
  const uint64_t most = UINT64_C(1) << 56;
  if (!rt_check_str(k, t->name) || !rt_check_slice(k, t->dims, &m->dims))
    return false;
  if (!t->name || !mlopt_rt_dtype_bytes(t->dtype) || t->region >= MLOPT_REGION_COUNT ||
      t->dims.count > MLOPT_MAX_RANK || t->offset > most)
    return rt_bad(k, "a tensor of the training table makes no sense");
  uint64_t elements = 1;
  for (uint32_t i = 0; i < t->dims.count; ++i) {
    const mlopt_dim *d = RT_DIM(m, t->dims.first + i);
    if (d->kind != MLOPT_DIM_CONSTANT || d->value < 0 ||
        __builtin_mul_overflow(elements, (uint64_t)d->value, &elements) || elements > most)
      return rt_bad(k, "a dimension in the training table makes no sense");
  }
  return true;
}

static bool rt_check_tables(rt_checker *k) {
  const mlopt_module *m = k->m;
  if (!rt_check_table(k, &m->entries, sizeof(mlopt_entry), "table of entry points") ||
      !rt_check_table(k, &m->symbols, sizeof(mlopt_symbol), "table of symbols") ||
      !rt_check_table(k, &m->tensors, sizeof(mlopt_tensor), "table of tensors") ||
      !rt_check_table(k, &m->dims, sizeof(mlopt_dim), "table of dimensions") ||
      !rt_check_table(k, &m->levels, sizeof(mlopt_level), "table of CPU levels") ||
      !rt_check_table(k, &m->codes, sizeof(mlopt_code), "table of functions") ||
      !rt_check_table(k, &m->launches, sizeof(mlopt_launch), "table of launches") ||
      !rt_check_table(k, &m->checks, sizeof(mlopt_check), "table of checks"))
    return false;
  /* What is the table today was reserved, and zero, before minor version 1. */
  if (((m->flags & MLOPT_MODULE_TRAINING) || m->training.count) && !(m->abi_version & 0xffff))
    return rt_bad(k, "a module for training states a runtime interface that has none");
  if (!rt_check_table(k, &m->training, sizeof(mlopt_training_tensor), "table of training tensors"))
    return false;
  if (!m->entries.count || !m->levels.count ||
      (uint64_t)m->entries.count * m->levels.count != m->codes.count)
    return rt_bad(k, "entry points, CPU levels and functions do not match");
  if (!rt_check_str(k, m->name) || !rt_check_str(k, m->prefix) || !rt_check_str(k, m->producer))
    return false;
  if (m->metadata_offset > m->link_offset ||
      m->metadata_bytes >= m->link_offset - m->metadata_offset ||
      (m->metadata_offset && ((const char *)m)[m->metadata_offset + m->metadata_bytes]))
    return rt_bad(k, "the metadata lie outside of it");
  if (m->weights.mode > MLOPT_WEIGHTS_FILE)
    return rt_bad(k, "the place of the weights is unknown");
  for (uint32_t i = 0; i < m->entries.count; ++i)
    if (!rt_check_entry(k, RT_ENTRY(m, i)))
      return false;
  for (uint32_t i = 0; i < m->levels.count; ++i)
    if (!rt_check_str(k, RT_LEVEL(m, i)->name))
      return false;
  for (uint32_t i = 0; i < m->codes.count; ++i) {
    const mlopt_code *c = RT_CODE(m, i);
    if (!c->sizes_link || c->sizes_link >= m->link_count || !c->run_link ||
        c->run_link >= m->link_count)
      return rt_bad(k, "a function does not exist");
    if (!rt_check_slice(k, c->launches, &m->launches) || !rt_check_slice(k, c->checks, &m->checks))
      return false;
  }
  for (uint32_t i = 0; i < m->launches.count; ++i) {
    const mlopt_launch *l = RT_LAUNCH(m, i);
    if (!rt_check_str(k, l->kernel) || !rt_check_str(k, l->nodes) || !rt_check_str(k, l->error))
      return false;
  }
  for (uint32_t i = 0; i < m->checks.count; ++i)
    if (!rt_check_str(k, RT_CHECK(m, i)->message))
      return false;
  for (uint32_t i = 0; i < m->training.count; ++i)
    if (!rt_check_training(k, RT_TRAINING(m, i)))
      return false;
  return true;
}

static bool rt_check_tables_for_gpus(rt_checker *k) {
  const char *wrong = rt_check_gpu(k->m);
  return wrong ? rt_bad(k, wrong) : true;
}

static bool rt_image_hash_matches(const mlopt_module *m) {
  static const uint8_t zero[32];
  const size_t at = offsetof(mlopt_module, image_sha256);
  rt_sha256 hash;
  uint8_t digest[32];
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, m, at);
  rt_sha256_add(&hash, zero, 32);
  rt_sha256_add(&hash, (const uint8_t *)m + at + 32, (size_t)m->link_offset - at - 32);
  rt_sha256_end(&hash, digest);
  return memcmp(digest, m->image_sha256, 32) == 0;
}

RT_INTERNAL mlopt_rt_status_t rt_check_image(const void *image, size_t available,
                                             const char *where) {
  const mlopt_module *m = image;
  if ((uintptr_t)image % 8)
    return rt_error(MLOPT_RT_BAD_ARTEFACT, "%s: the module header is not aligned", where);
  if (available < 16 || memcmp(m->magic, MLOPT_MODULE_MAGIC, 8) != 0)
    return rt_error(MLOPT_RT_BAD_ARTEFACT, "%s holds no mlopt module", where);
  if (m->abi_version >> 16 != MLOPT_ABI_MAJOR || (m->abi_version & 0xffff) > MLOPT_ABI_MINOR)
    return rt_error(
        MLOPT_RT_ABI_VERSION,
        "%s was made for version %u.%u of the runtime interface, this runtime has %u.%u; %s", where,
        m->abi_version >> 16, m->abi_version & 0xffff, MLOPT_ABI_MAJOR, MLOPT_ABI_MINOR,
        m->abi_version > MLOPT_ABI_VERSION ? "use a newer runtime" : "compile the model again");
  rt_checker k = {m, where, NULL};
  if (available < sizeof(mlopt_module) || m->struct_size < sizeof(mlopt_module) ||
      m->struct_size > m->link_offset || m->link_offset > UINT32_MAX || m->link_offset % 8 ||
      !m->link_count || m->image_bytes != m->link_offset + UINT64_C(8) * m->link_count ||
      m->image_bytes > available) {
    rt_bad(&k, "its header makes no sense or the file is cut off");
    return k.status;
  }
#if defined(__x86_64__)
  if (m->arch != MLOPT_ARCH_X86_64)
    return rt_error(MLOPT_RT_CPU_LEVEL, "%s is for machine %u, this one is x86-64 (%u)", where,
                    m->arch, MLOPT_ARCH_X86_64);
#endif
  if (!rt_image_hash_matches(m))
    return rt_error(
        MLOPT_RT_HASH_MISMATCH,
        "%s is damaged: its header and tables differ from their hash; compile the model again",
        where);
  if (rt_check_tables(&k))
    rt_check_tables_for_gpus(&k);
  return k.status;
}
