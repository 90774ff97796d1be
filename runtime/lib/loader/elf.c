/*===-- elf.c - Finding a module in an ELF file without executing anything of it ---*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
\*===------------------------------------------------------------------------------------===*/

#include "../core/internal.h"

#include <elf.h>

/** A file in memory, and where its loadable segments are. */
typedef struct rt_elf {
  const uint8_t *data;
  size_t bytes;
  const Elf64_Phdr *segments;
  uint32_t segment_count;
  uint64_t image_address; /**< virtual address of the module header */
} rt_elf;

static bool rt_inside(const rt_elf *f, uint64_t offset, uint64_t bytes) {
  return offset <= f->bytes && bytes <= f->bytes - offset;
}

/** Bytes of the file that are mapped at virtual address `address`; null unless all of them lie in
 * one segment's file part. */
RT_INTERNAL const uint8_t *rt_elf_at(const rt_elf *f, uint64_t address, uint64_t bytes) {
  for (uint32_t i = 0; i < f->segment_count; ++i) {
    const Elf64_Phdr *p = &f->segments[i];
    if (p->p_type != PT_LOAD || address < p->p_vaddr || address - p->p_vaddr > p->p_filesz ||
        bytes > p->p_filesz - (address - p->p_vaddr))
      continue;
    uint64_t offset = p->p_offset + (address - p->p_vaddr);
    return offset >= p->p_offset && rt_inside(f, offset, bytes) ? f->data + offset : NULL;
  }
  return NULL;
}

/** Reads the tables of the file. On success `*image` is the module header inside the file, with
 * `*available` bytes. */
RT_INTERNAL mlopt_rt_status_t rt_elf_open(const void *data, size_t bytes, const char *path,
                                          rt_elf *f, const uint8_t **image, size_t *available) {
  memset(f, 0, sizeof(*f));
  f->data = data;
  f->bytes = bytes;
  const Elf64_Ehdr *h = data;
  if (bytes < sizeof(*h) || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0)
    return rt_error(MLOPT_RT_BAD_ARTEFACT,
                    "'%s' is no shared library; expected the result of 'mlopt MODEL -o NAME.so'",
                    path);
  if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB ||
      h->e_type != ET_DYN)
    return rt_error(MLOPT_RT_BAD_ARTEFACT, "'%s' is no 64-bit shared library", path);
  if (h->e_phentsize != sizeof(Elf64_Phdr) || h->e_shentsize != sizeof(Elf64_Shdr) ||
      h->e_phoff % 8 || h->e_shoff % 8 ||
      !rt_inside(f, h->e_phoff, (uint64_t)h->e_phnum * sizeof(Elf64_Phdr)) ||
      !rt_inside(f, h->e_shoff, (uint64_t)h->e_shnum * sizeof(Elf64_Shdr)) ||
      h->e_shstrndx >= h->e_shnum)
    return rt_error(MLOPT_RT_BAD_ARTEFACT,
                    "'%s' is cut off or damaged: its ELF tables lie outside of it", path);
  f->segments = (const Elf64_Phdr *)((const uint8_t *)data + h->e_phoff);
  f->segment_count = h->e_phnum;
  const Elf64_Shdr *sections = (const Elf64_Shdr *)((const uint8_t *)data + h->e_shoff);
  const Elf64_Shdr *names = &sections[h->e_shstrndx];
  if (!rt_inside(f, names->sh_offset, names->sh_size))
    return rt_error(MLOPT_RT_BAD_ARTEFACT,
                    "'%s' is cut off or damaged: its section names lie outside of it", path);
  for (uint32_t i = 0; i < h->e_shnum; ++i) {
    const Elf64_Shdr *s = &sections[i];
    const size_t length = sizeof(MLOPT_SECTION_IMAGE);
    if (s->sh_type == SHT_NOBITS || s->sh_name > names->sh_size ||
        names->sh_size - s->sh_name < length ||
        memcmp((const char *)data + names->sh_offset + s->sh_name, MLOPT_SECTION_IMAGE, length) !=
            0)
      continue;
    const uint8_t *found = rt_elf_at(f, s->sh_addr, s->sh_size);
    if (!found || found != (const uint8_t *)data + s->sh_offset)
      break;
    f->image_address = s->sh_addr;
    *image = found;
    *available = (size_t)s->sh_size;
    return NULL;
  }
  return rt_error(MLOPT_RT_BAD_ARTEFACT, "'%s' holds no mlopt module (no section %s)", path,
                  MLOPT_SECTION_IMAGE);
}

/** Compares the ranges of the module with their hashes. */
RT_INTERNAL mlopt_rt_status_t rt_elf_check_ranges(const rt_elf *f, const mlopt_module *m,
                                                  const char *path) {
  static const char *const names[MLOPT_RANGE_COUNT] = {"code", "constants", "function table",
                                                       "reserved range"};
  for (int i = 0; i < MLOPT_RANGE_COUNT; ++i) {
    const mlopt_range *r = &m->ranges[i];
    if (!r->bytes)
      continue;
    const uint8_t *p = rt_elf_at(f, f->image_address + (uint64_t)r->offset, r->bytes);
    if (!p)
      return rt_error(MLOPT_RT_BAD_ARTEFACT,
                      "'%s' is cut off or damaged: its %s lies outside of it", path, names[i]);
    if (!rt_sha256_matches(p, (size_t)r->bytes, r->sha256))
      return rt_error(MLOPT_RT_HASH_MISMATCH,
                      "'%s' is damaged: its %s differs from its hash; compile the model again",
                      path, names[i]);
  }
  return NULL;
}
