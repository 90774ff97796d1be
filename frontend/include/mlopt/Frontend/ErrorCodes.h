//===- ErrorCodes.h - The stable codes of mlopt's diagnostics ---*- C++ -*-===//
//
// Every error that mlopt reports on purpose starts with one of these codes
// ("MLO1010: ..."); `mlopt explain MLO1010` prints the row.
// Thousands give the class and with it the exit code of the command.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_ERRORCODES_H
#define MLOPT_FRONTEND_ERRORCODES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlopt {

/// Numbers of the codes that the importer uses. A number is never given a second meaning.
namespace codes {
enum Code : unsigned {
  FileNotFound = 1001,
  FileNotReadable = 1002,
  FileTooLarge = 1003,
  FileEmpty = 1004,
  NotOnnx = 1005,
  TextSyntax = 1006,
  NoGraph = 1007,
  LimitExceeded = 1008,
  BadDimension = 1009,
  BadTensor = 1010,
  BadName = 1011,
  FunctionCycle = 1012,
  CheckFailed = 1013,
  UnknownRank = 1014,
  BadOpset = 1015,
  BadSparseTensor = 1016,
  UndefinedValue = 1017,
  BadAttribute = 1018,
  InternalOnnx = 1019,
  ExternalPath = 1030,
  ExternalOpen = 1031,
  ExternalNotRegular = 1032,
  ExternalRange = 1033,
  ExternalKeys = 1034,
  ExternalNoFolder = 1035,
  DimUnknown = 1040,
  DimValue = 1041,
  ShapeUnknown = 1042,
  ShapeMismatch = 1043,
  LoadedUnknown = 1061,
  LoadedMismatch = 1062,
  LoadedMissing = 1063,
  InvalidNode = 1201, // conversion
  UnsupportedOperator = 2001,
  UnsupportedType = 2002,
  UnsupportedOpset = 2003,
  UnsupportedIRVersion = 2004,
  UnsupportedAttribute = 2005,
  NotDifferentiable = 2007, // passes
  PatternUnmatched = 2406,
};
} // namespace codes

/// One row of the table that `mlopt explain` prints.
struct ErrorInfo {
  unsigned code;
  llvm::StringRef title;
  llvm::StringRef explanation;
  llvm::StringRef remedy;
};

/// All rows, by rising code.
llvm::ArrayRef<ErrorInfo> getErrorTable();

/// The row of `code` (1010 for MLO1010), or null.
const ErrorInfo *findErrorInfo(unsigned code);

/// "MLO1010".
std::string formatErrorCode(unsigned code);

/// The code at the start of a diagnostic's text ("MLO1010: ..."), or 0 where there is none.
unsigned parseErrorCode(llvm::StringRef message);

/// Exit code of a command that failed with `code`: 1000s 3, 2000s 4, 3000s 1, 4000s 7, 5000s 8,
/// 6000s 5, else 70.
int getExitCode(unsigned code);

} // namespace mlopt

#endif // MLOPT_FRONTEND_ERRORCODES_H
