//===- StampHashes.cpp - Hashes of a linked artefact ----------------------===//
#include "mlopt/Codegen/HostImage.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace mlopt;

namespace {
/// A section with contents in the file.
struct Part {
  uint64_t address = 0, offset = 0, bytes = 0;
};
} // namespace

static Error broken(const Twine &reason) {
  return createStringError("cannot stamp the hashes: " + reason);
}

Error mlopt::stampHashes(MutableArrayRef<char> elf) {
  Expected<object::ELF64LEFile> file =
      object::ELF64LEFile::create(StringRef(elf.data(), elf.size()));
  if (!file)
    return file.takeError();
  auto sections = file->sections();
  if (!sections)
    return sections.takeError();
  StringMap<Part> parts;
  for (const auto &section : *sections) {
    Expected<StringRef> name = file->getSectionName(section);
    if (!name)
      return name.takeError();
    if (section.sh_type == ELF::SHT_NOBITS || section.sh_offset > elf.size() ||
        section.sh_size > elf.size() - section.sh_offset)
      continue;
    parts.try_emplace(*name, Part{section.sh_addr, section.sh_offset, section.sh_size});
  }
  auto found = parts.find(MLOPT_SECTION_IMAGE);
  if (found == parts.end() || found->second.bytes < sizeof(mlopt_module))
    return broken("no section " MLOPT_SECTION_IMAGE);
  Part image = found->second;
  char *base = elf.data() + image.offset;
  mlopt_module header;
  std::memcpy(&header, base, sizeof(header));
  if (std::memcmp(header.magic, MLOPT_MODULE_MAGIC, 8) || header.image_bytes > image.bytes ||
      header.link_offset > header.image_bytes)
    return broken("the image has no header");

  auto hash = [&](uint64_t offset, uint64_t bytes, uint8_t *out) {
    auto digest = SHA256::hash(
        ArrayRef(reinterpret_cast<const uint8_t *>(elf.data() + offset), size_t(bytes)));
    std::memcpy(out, digest.data(), digest.size());
  };
  std::memset(header.ranges, 0, sizeof(header.ranges));
  // The last link of an object is not ours: its ranges stay unchecked.
  if (file->getHeader().e_type != ELF::ET_REL) {
    auto stamp = [&](unsigned number, const Part &part) {
      mlopt_range &range = header.ranges[number];
      range.offset = static_cast<int64_t>(part.address - image.address);
      range.bytes = part.bytes;
      hash(part.offset, part.bytes, range.sha256);
    };
    if (auto code = parts.find(MLOPT_SECTION_CODE); code != parts.end())
      stamp(MLOPT_RANGE_CODE, code->second);
    if (auto constants = parts.find(".rodata"); constants != parts.end())
      stamp(MLOPT_RANGE_CONSTANTS, constants->second);
    stamp(MLOPT_RANGE_LINK, {image.address + header.link_offset, image.offset + header.link_offset,
                             8 * uint64_t(header.link_count)});
  }
  std::memset(header.image_sha256, 0, sizeof(header.image_sha256));
  std::memcpy(base, &header, sizeof(header));
  hash(image.offset, header.link_offset, header.image_sha256);
  std::memcpy(base, &header, sizeof(header));
  return Error::success();
}
