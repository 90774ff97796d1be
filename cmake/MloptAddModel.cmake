# mlopt_add_model(TARGET MODEL [SHARED | STATIC | OBJECT]
#                 [CPU level...] [DIMS name=size...] [SHAPES input:1x3xHx?...] [FLAGS flag...]
#                 [PREFIX name] [DEPENDS file-or-target...])
#
# Compiles MODEL (relative to the current source folder) and makes it a library target TARGET. Who links it may include
# the model's header, "TARGET.h". The model is compiled again when it, a file it refers to, or the compiler changes.
#
#   STATIC   (default) an archive: module, typed functions and the core of the runtime. Needs nothing else.
#   SHARED   libTARGET.so, the same as a shared library: link it, or open $<TARGET_FILE:TARGET> with the runtime.
#   OBJECT   the module alone; brings mlopt::runtime_static, so that many models of a program share one runtime.
#
#   CPU      levels that the code is made for, best first at run time: x86-64-v3 x86-64-v4. Default: this machine's.
#   DIMS     sizes of symbolic dimensions (batch=1) or their bounds (width=32..2048@320).
#   SHAPES   shapes of inputs.
#   FLAGS    anything else for the compiler's command line.
#   PREFIX   of the C names; default: TARGET as a C identifier.
#   DEPENDS  what must be made before MODEL can be compiled.
#
# Variable: MLOPT_HOST_COMPILER, an mlopt that runs on this machine (see mlopt-config.cmake). The target TARGET is
# imported and global; install(FILES $<TARGET_FILE:TARGET> ...) installs a shared model.
include_guard(GLOBAL)

# The function keeps these policies, whatever its caller's are. 3.20: depfiles with every generator.
cmake_policy(PUSH)
cmake_policy(VERSION 3.20...3.25)

function(mlopt_add_model target model)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "SHARED;STATIC;OBJECT" "PREFIX" "CPU;DIMS;SHAPES;FLAGS;DEPENDS")
  set(where "mlopt_add_model(${target} ${model})")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${where}: unknown arguments: ${ARG_UNPARSED_ARGUMENTS}; "
                        "known are SHARED, STATIC, OBJECT, CPU, DIMS, SHAPES, FLAGS, PREFIX, DEPENDS")
  endif()
  if(ARG_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${where}: no value after ${ARG_KEYWORDS_MISSING_VALUES}")
  endif()
  set(chosen)
  foreach(kind SHARED STATIC OBJECT)
    if(ARG_${kind})
      list(APPEND chosen ${kind})
    endif()
  endforeach()
  list(LENGTH chosen count)
  if(count GREATER 1)
    message(FATAL_ERROR "${where}: ${chosen} exclude each other; give one")
  elseif(count EQUAL 0)
    set(chosen STATIC)
  endif()
  if(NOT target MATCHES "^[A-Za-z0-9_.+-]+$")
    message(FATAL_ERROR "${where}: the target's name is that of files too; use letters, digits and any of _.+-")
  endif()
  if(TARGET ${target})
    message(FATAL_ERROR "${where}: there is a target of that name already")
  endif()
  if(NOT TARGET mlopt::compiler)
    message(FATAL_ERROR "${where}: no compiler; set MLOPT_HOST_COMPILER to an mlopt that runs on this machine")
  endif()
  if(CMAKE_CROSSCOMPILING AND NOT ARG_CPU)
    message(FATAL_ERROR "${where}: the default of CPU is this machine, but the build is for another; "
                        "say which, for example CPU x86-64-v3")
  endif()

  # A model that this build makes lies in the binary folder.
  get_filename_component(path "${model}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT EXISTS "${path}")
    get_filename_component(made "${model}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    get_source_file_property(generated "${made}" GENERATED)
    if(NOT generated AND NOT ARG_DEPENDS AND NOT EXISTS "${made}")
      message(FATAL_ERROR "${where}: ${path} does not exist; if the build makes it, name it or its target in DEPENDS")
    endif()
    set(path "${made}")
  endif()

  string(MAKE_C_IDENTIFIER "${target}" prefix)
  if(ARG_PREFIX)
    set(prefix "${ARG_PREFIX}")
    string(MAKE_C_IDENTIFIER "${prefix}" identifier)
    if(NOT identifier STREQUAL prefix)
      message(FATAL_ERROR "${where}: PREFIX '${prefix}' is not a C identifier")
    endif()
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/mlopt/${target}")
  set(name_STATIC lib${target}.a)
  set(name_SHARED lib${target}.so)
  set(name_OBJECT ${target}.o)
  set(emit_STATIC archive)
  set(emit_SHARED so)
  set(emit_OBJECT obj)
  set(output "${folder}/${name_${chosen}}")
  set(header "${folder}/${target}.h")
  file(MAKE_DIRECTORY "${folder}")

  set(flags)
  if(ARG_CPU)
    list(JOIN ARG_CPU "," levels)
    list(APPEND flags --cpu=${levels})
  endif()
  foreach(dim IN LISTS ARG_DIMS)
    list(APPEND flags --dim=${dim})
  endforeach()
  foreach(shape IN LISTS ARG_SHAPES)
    list(APPEND flags --shape=${shape})
  endforeach()

  add_custom_command(
    OUTPUT "${output}" "${header}"
    COMMAND mlopt::compiler "${path}" -o "${output}" --emit=${emit_${chosen}} "--header=${header}" --prefix=${prefix}
            ${flags} ${ARG_FLAGS} -MD -MF "${output}.d"
    DEPENDS "${path}" mlopt::compiler ${ARG_DEPENDS}
    DEPFILE "${output}.d"
    COMMENT "Compiling the model ${model}"
    VERBATIM)
  add_custom_target(${target}_mlopt ALL DEPENDS "${output}" "${header}")

  add_library(${target} ${chosen} IMPORTED GLOBAL)
  add_dependencies(${target} ${target}_mlopt)
  target_include_directories(${target} INTERFACE "${folder}")
  # The model's header uses the runtime's types.
  target_include_directories(${target} INTERFACE $<TARGET_PROPERTY:mlopt::runtime,INTERFACE_INCLUDE_DIRECTORIES>)
  if(chosen STREQUAL "OBJECT")
    set_target_properties(${target} PROPERTIES IMPORTED_OBJECTS "${output}")
    target_link_libraries(${target} INTERFACE mlopt::runtime_static m)
  else()
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${output}")
  endif()
  if(chosen STREQUAL "STATIC")
    target_link_libraries(${target} INTERFACE Threads::Threads m)
  elseif(chosen STREQUAL "SHARED")
    set_target_properties(${target} PROPERTIES IMPORTED_SONAME lib${target}.so)
  endif()
endfunction()

cmake_policy(POP)
