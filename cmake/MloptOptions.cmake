# Options and flags of the whole build.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

option(MLOPT_WERROR "Treat warnings as errors" OFF)
option(MLOPT_USE_PCH "Precompile the MLIR headers" ON)
set(MLOPT_ONNX_SOURCE_DIR "" CACHE PATH
    "Folder that holds the sources of ONNX 1.22.0 (the unpacked Python wheel); see cmake/fetch_onnx.sh")
set(MLOPT_SANITIZE "" CACHE STRING "Value of -fsanitize= for our own libraries, e.g. address,undefined")

# Libraries and tools land where an installed tree has them.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

add_compile_options(-Wall -Wextra -Wno-unused-parameter -Wno-deprecated-declarations -fvisibility-inlines-hidden)
if(MLOPT_WERROR)
  add_compile_options(-Werror)
endif()
if(MLOPT_SANITIZE)
  # Generated code has no type in front of its functions, which a check of indirect calls would read.
  add_compile_options(-fsanitize=${MLOPT_SANITIZE} -fno-sanitize=function -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MLOPT_SANITIZE})
endif()
find_program(MLOPT_LLD ld.lld-22 HINTS ${LLVM_TOOLS_BINARY_DIR} NAMES ld.lld)
if(MLOPT_LLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld)
endif()
find_program(MLOPT_CCACHE ccache)
if(MLOPT_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${MLOPT_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()
