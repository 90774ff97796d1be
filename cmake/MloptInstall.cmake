# The CMake package and the pkg-config file, and what every installed program shares. Included last by the top-level
# CMakeLists.txt. Each component installs its own libraries, headers and programs; see docs/ for the tree that results.
#
# The build folder has the same layout as an installed tree, so one mlopt-config.cmake serves both:
# find_package(mlopt HINTS build) works without installing.
include(CMakePackageConfigHelpers)

set(package_dir lib/cmake/mlopt)

# Programs find our own libraries beside themselves, and LLVM's where this build found it.
foreach(tool mlopt mlopt-opt mlopt-translate)
  if(TARGET ${tool})
    set_target_properties(${tool} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib;${LLVM_LIBRARY_DIR}")
  endif()
endforeach()

# The same names inside this build (add_subdirectory, FetchContent) as from the package.
set_target_properties(mlopt_rt PROPERTIES EXPORT_NAME runtime)
set_target_properties(mlopt_rt_static PROPERTIES EXPORT_NAME runtime_static)
add_library(mlopt::runtime ALIAS mlopt_rt)
add_library(mlopt::runtime_static ALIAS mlopt_rt_static)
if(TARGET mlopt)
  add_executable(mlopt::compiler ALIAS mlopt)
endif()

configure_package_config_file(
  ${CMAKE_SOURCE_DIR}/cmake/mlopt-config.cmake.in ${CMAKE_BINARY_DIR}/${package_dir}/mlopt-config.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  ${CMAKE_BINARY_DIR}/${package_dir}/mlopt-config-version.cmake COMPATIBILITY SameMinorVersion)
configure_file(${CMAKE_SOURCE_DIR}/cmake/MloptAddModel.cmake
               ${CMAKE_BINARY_DIR}/${package_dir}/MloptAddModel.cmake COPYONLY)
export(EXPORT mloptTargets NAMESPACE mlopt:: FILE ${CMAKE_BINARY_DIR}/${package_dir}/mlopt-targets.cmake)

install(EXPORT mloptTargets NAMESPACE mlopt:: FILE mlopt-targets.cmake DESTINATION ${package_dir})
install(FILES ${CMAKE_BINARY_DIR}/${package_dir}/mlopt-config.cmake
              ${CMAKE_BINARY_DIR}/${package_dir}/mlopt-config-version.cmake
              ${CMAKE_BINARY_DIR}/${package_dir}/MloptAddModel.cmake
        DESTINATION ${package_dir})

# Prefix relative to the file itself: the tree may be moved.
set(pkg_config_file ${CMAKE_BINARY_DIR}/lib/pkgconfig/mlopt-runtime.pc)
file(CONFIGURE OUTPUT ${pkg_config_file} @ONLY CONTENT [[
prefix=${pcfiledir}/../..
libdir=${prefix}/lib
includedir=${prefix}/include

Name: mlopt-runtime
Description: Loads and runs models compiled by mlopt
Version: @PROJECT_VERSION@
Cflags: -I${includedir}
Libs: -L${libdir} -lmlopt_rt
Libs.private: -pthread -ldl
]])
install(FILES ${pkg_config_file} DESTINATION lib/pkgconfig)

install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/THIRD_PARTY.md DESTINATION share/doc/mlopt)
