//===- Locations.cpp - Where a model's node is, and how it prints ---------===//
#include "mlopt/Frontend/Locations.h"

#include "mlopt/Frontend/ErrorCodes.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace mlopt {

Location getNodeLocation(MLIRContext *context, StringRef file, StringRef name, StringRef opType,
                         unsigned index) {
  Location fileLoc = FileLineColLoc::get(context, file, index + 1, 0);
  Location opLoc =
      opType.empty() ? fileLoc : Location(NameLoc::get(StringAttr::get(context, opType), fileLoc));
  // NameLoc needs a name.
  return NameLoc::get(StringAttr::get(context, name.empty() ? StringRef("?") : name), opLoc);
}

Location getFileLocation(MLIRContext *context, StringRef file, unsigned line, unsigned column) {
  return FileLineColLoc::get(context, file, line, column);
}

NodeLocation splitLocation(Location loc) {
  if (auto file = dyn_cast<FileLineColLoc>(loc)) {
    NodeLocation result;
    result.file = file.getFilename().getValue();
    result.line = file.getLine();
    result.column = file.getColumn();
    return result;
  }
  if (auto named = dyn_cast<NameLoc>(loc)) {
    NodeLocation inner = splitLocation(named.getChildLoc());
    // NameLoc(name, NameLoc(operator, file)): the operator was stored as the inner name.
    if (inner.opType.empty())
      inner.opType = inner.name;
    inner.name = named.getName().getValue();
    inner.line = inner.column = 0;
    return inner;
  }
  if (auto call = dyn_cast<CallSiteLoc>(loc))
    return splitLocation(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(loc)) {
    NodeLocation best;
    for (Location part : fused.getLocations()) {
      NodeLocation candidate = splitLocation(part);
      if (!candidate.name.empty())
        return candidate;
      if (best.file.empty())
        best = candidate;
    }
    return best;
  }
  return {};
}

std::string formatLocation(Location loc) {
  NodeLocation node = splitLocation(loc);
  std::string text = node.file.empty() ? std::string() : node.file.str();
  if (!node.name.empty()) {
    text += (text.empty() ? "" : ":") + node.name.str();
    if (!node.opType.empty())
      text += " (" + node.opType.str() + ")";
  } else if (node.line) {
    text += ":" + std::to_string(node.line) + ":" + std::to_string(node.column);
  }
  return text.empty() ? "<unknown>" : text;
}

std::string formatDiagnostic(Diagnostic &diagnostic, unsigned fallbackCode) {
  std::string text;
  llvm::raw_string_ostream os(text);
  auto print = [&](Diagnostic &d) {
    StringRef kind = d.getSeverity() == DiagnosticSeverity::Error     ? "error"
                     : d.getSeverity() == DiagnosticSeverity::Warning ? "warning"
                     : d.getSeverity() == DiagnosticSeverity::Remark  ? "remark"
                                                                      : "note";
    if (!isa<UnknownLoc>(d.getLocation()))
      os << formatLocation(d.getLocation()) << ": ";
    os << kind << ": ";
    if (fallbackCode && d.getSeverity() == DiagnosticSeverity::Error && !parseErrorCode(d.str()))
      os << formatErrorCode(fallbackCode) << ": ";
    os << d << "\n";
  };
  print(diagnostic);
  for (Diagnostic &note : diagnostic.getNotes())
    print(note);
  return text;
}

} // namespace mlopt
