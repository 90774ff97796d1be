# Functions that keep the components' CMakeLists short.
include(TableGen)
include(AddLLVM)
include(AddMLIR)
set(MLIR_TABLEGEN_EXE ${LLVM_TOOLS_BINARY_DIR}/mlir-tblgen)
set(LLVM_TABLEGEN_EXE ${LLVM_TOOLS_BINARY_DIR}/llvm-tblgen)

# The MLIR headers that nearly every compiler source reads, precompiled once.
function(mlopt_setup_pch)
  if(NOT MLOPT_USE_PCH)
    return()
  endif()
  file(WRITE ${CMAKE_BINARY_DIR}/pch/pch.cpp "// Owner of the precompiled header.\n")
  add_library(MloptPCH OBJECT ${CMAKE_BINARY_DIR}/pch/pch.cpp)
  target_include_directories(MloptPCH SYSTEM PRIVATE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  target_compile_options(MloptPCH PRIVATE -fno-exceptions)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_options(MloptPCH PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  target_precompile_headers(MloptPCH PRIVATE
    <mlir/IR/Builders.h> <mlir/IR/BuiltinOps.h> <mlir/IR/BuiltinTypes.h> <mlir/IR/BuiltinAttributes.h>
    <mlir/IR/Dialect.h> <mlir/IR/DialectImplementation.h> <mlir/IR/DialectResourceBlobManager.h>
    <mlir/IR/IRMapping.h> <mlir/IR/Matchers.h> <mlir/IR/OpImplementation.h> <mlir/IR/PatternMatch.h>
    <mlir/IR/SymbolTable.h> <mlir/IR/TypeUtilities.h> <mlir/IR/Verifier.h>
    <mlir/Interfaces/InferTypeOpInterface.h> <mlir/Interfaces/SideEffectInterfaces.h>
    <mlir/Interfaces/FunctionInterfaces.h>
    <mlir/Dialect/Arith/IR/Arith.h> <mlir/Dialect/Func/IR/FuncOps.h>
    <mlir/Pass/Pass.h> <mlir/Pass/PassManager.h>
    <llvm/ADT/TypeSwitch.h> <llvm/ADT/StringSwitch.h> <llvm/ADT/STLExtras.h> <llvm/Support/JSON.h>
    <map> <memory> <optional> <string> <vector>)
endfunction()
mlopt_setup_pch()

# Includes, flags and the precompiled header of a compiler target (everything but runtime and the ONNX library).
function(mlopt_compiler_target name)
  target_include_directories(${name} SYSTEM PRIVATE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  target_compile_options(${name} PRIVATE -fno-exceptions)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND MLOPT_USE_PCH)
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
  if(MLOPT_USE_PCH)
    target_precompile_headers(${name} REUSE_FROM MloptPCH)
  endif()
endfunction()

# add_mlopt_library(NAME sources... LAYER ir|frontend|passes|codegen|tools [LINK_LIBS ...] [DEPENDS ...])
# A static library of one directory. LAYER adds the include folder of that layer to whoever links it.
function(add_mlopt_library name)
  cmake_parse_arguments(ARG "" "LAYER" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  mlopt_compiler_target(${name})
  target_include_directories(${name} PUBLIC
    ${CMAKE_SOURCE_DIR}/${ARG_LAYER}/include ${CMAKE_BINARY_DIR}/${ARG_LAYER}/include)
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# add_mlopt_tool(NAME sources... [LINK_LIBS ...]): an executable linked with the shared libMLIR and libLLVM.
function(add_mlopt_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  # Executables would get -fPIE; the precompiled header was built with -fPIC and the two must agree.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  mlopt_compiler_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} MLIR LLVM)
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()
