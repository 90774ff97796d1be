//===- WeightsObject.cpp - Weights as an ELF object -----------------------===//
//
// Written by hand so that the weights go from the model's file to the output
// once, without an assembler's copy: header, data, then the small sections.
//
//===----------------------------------------------------------------------===//
#include "mlopt/Codegen/HostWeights.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlopt;

namespace {
enum Section { Null, Weights, Stack, Symbols, Strings, Names, Count };
/// From here on the data go out of the way of code and its constants.
constexpr uint64_t largeBytes = uint64_t(256) << 20;
} // namespace

Sha256 WeightsPlan::writeObject(raw_pwrite_stream &os, StringRef symbol) const {
  ELF::Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELF::ElfMagic, 4);
  header.e_ident[ELF::EI_CLASS] = ELF::ELFCLASS64;
  header.e_ident[ELF::EI_DATA] = ELF::ELFDATA2LSB;
  header.e_ident[ELF::EI_VERSION] = ELF::EV_CURRENT;
  header.e_type = ELF::ET_REL;
  header.e_machine = ELF::EM_X86_64;
  header.e_version = ELF::EV_CURRENT;
  header.e_ehsize = sizeof(header);
  header.e_shentsize = sizeof(ELF::Elf64_Shdr);
  header.e_shnum = Count;
  header.e_shstrndx = Names;

  std::string names(1, '\0'), strings(1, '\0');
  ELF::Elf64_Shdr sections[Count] = {};
  auto name = [&](unsigned section, StringRef text) {
    sections[section].sh_name = names.size();
    names += text.str() + '\0';
  };
  name(Weights, MLOPT_SECTION_WEIGHTS);
  name(Stack, ".note.GNU-stack");
  name(Symbols, ".symtab");
  name(Strings, ".strtab");
  name(Names, ".shstrtab");

  uint64_t start = os.tell();
  auto align = [&](uint64_t to) {
    os.write_zeros(offsetToAlignment(os.tell() - start, Align(to)));
  };
  os.write_zeros(sizeof(header));
  align(MLOPT_ALIGNMENT);
  ELF::Elf64_Shdr &data = sections[Weights];
  data.sh_type = ELF::SHT_PROGBITS;
  data.sh_flags = ELF::SHF_ALLOC | (bytes > largeBytes ? unsigned(ELF::SHF_X86_64_LARGE) : 0u);
  data.sh_addralign = MLOPT_ALIGNMENT;
  data.sh_offset = os.tell() - start;
  Sha256 hash = write(os);
  data.sh_size = os.tell() - start - data.sh_offset;

  sections[Stack].sh_type = ELF::SHT_PROGBITS;
  sections[Stack].sh_offset = os.tell() - start;
  sections[Stack].sh_addralign = 1;

  ELF::Elf64_Sym symbols[2] = {};
  symbols[1].st_name = strings.size();
  strings += symbol.str() + '\0';
  symbols[1].setBindingAndType(ELF::STB_GLOBAL, ELF::STT_OBJECT);
  symbols[1].st_other = ELF::STV_HIDDEN;
  symbols[1].st_shndx = Weights;
  symbols[1].st_size = data.sh_size;
  auto put = [&](unsigned section, const void *contents, uint64_t size, uint64_t alignment) {
    align(alignment);
    sections[section].sh_offset = os.tell() - start;
    sections[section].sh_size = size;
    sections[section].sh_addralign = alignment;
    os.write(static_cast<const char *>(contents), size);
  };
  put(Symbols, symbols, sizeof(symbols), 8);
  sections[Symbols].sh_type = ELF::SHT_SYMTAB;
  sections[Symbols].sh_entsize = sizeof(ELF::Elf64_Sym);
  sections[Symbols].sh_link = Strings;
  sections[Symbols].sh_info = 1; // the first that is not local
  put(Strings, strings.data(), strings.size(), 1);
  sections[Strings].sh_type = ELF::SHT_STRTAB;
  put(Names, names.data(), names.size(), 1);
  sections[Names].sh_type = ELF::SHT_STRTAB;
  align(8);
  header.e_shoff = os.tell() - start;
  os.write(reinterpret_cast<const char *>(sections), sizeof(sections));
  os.pwrite(reinterpret_cast<const char *>(&header), sizeof(header), start);
  return hash;
}
