// Stamps the hashes of a linked shared library, as the compiler does after the link: ranges first, then the image.
//   stamp LIBRARY

#include "../../../runtime/lib/carried.c"

#include <elf.h>
#include <stdio.h>

static uint8_t *file;
static const Elf64_Shdr *find(const char *name) {
  const Elf64_Ehdr *h = (const Elf64_Ehdr *)file;
  const Elf64_Shdr *s = (const Elf64_Shdr *)(file + h->e_shoff);
  for (int i = 0; i < h->e_shnum; ++i)
    if (!strcmp((const char *)file + s[h->e_shstrndx].sh_offset + s[i].sh_name, name))
      return &s[i];
  return NULL;
}

static void sha(const void *data, size_t bytes, uint8_t *digest) {
  rt_sha256 hash;
  rt_sha256_begin(&hash);
  rt_sha256_add(&hash, data, bytes);
  rt_sha256_end(&hash, digest);
}

int main(int argc, char **argv) {
  FILE *f = fopen(argv[argc - 1], "r+b");
  if (!f)
    return 1;
  fseek(f, 0, SEEK_END);
  size_t bytes = (size_t)ftell(f);
  file = malloc(bytes);
  rewind(f);
  if (fread(file, 1, bytes, f) != bytes)
    return 1;
  const Elf64_Shdr *image = find(MLOPT_SECTION_IMAGE), *code = find(MLOPT_SECTION_CODE);
  if (!image || !code)
    return 1;
  mlopt_module *m = (mlopt_module *)(file + image->sh_offset);
  mlopt_range *r = &m->ranges[MLOPT_RANGE_CODE];
  r->offset = (int64_t)(code->sh_addr - image->sh_addr);
  r->bytes = code->sh_size;
  sha(file + code->sh_offset, code->sh_size, r->sha256);
  r = &m->ranges[MLOPT_RANGE_LINK];
  r->offset = (int64_t)m->link_offset;
  r->bytes = 8 * m->link_count;
  sha((uint8_t *)m + m->link_offset, r->bytes, r->sha256);
  memset(m->image_sha256, 0, 32);
  sha(m, m->link_offset, m->image_sha256);
  rewind(f);
  return fwrite(file, 1, bytes, f) == bytes && fclose(f) == 0 ? 0 : 1;
}
