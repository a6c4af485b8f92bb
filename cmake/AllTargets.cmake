# SPDX-License-Identifier: Apache-2.0
# relayspec_all_targets(HEADER NAME...): writes a header with all fuzz targets of these names, each in a namespace of its own, and a
# table of them.
function(relayspec_all_targets header)
  set(includes)
  set(code)
  set(rows)
  foreach(name IN LISTS ARGN)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cc)
    # A change of what it includes makes the header anew.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(STRINGS ${source} lines REGEX "^#include")
    list(APPEND includes ${lines})
    string(APPEND code "namespace ${name} {\n#define LLVMFuzzerTestOneInput test_${name}\n#include \"fuzz/${name}.cc\"\n"
           "#undef LLVMFuzzerTestOneInput\n}\n")
    string(APPEND rows "    {\"${name}\", ${name}::test_${name}},\n")
  endforeach()
  list(REMOVE_DUPLICATES includes)
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT "#pragma once
// All headers first: behind them they are empty, and stand in no namespace of a target.
@includes@

@code@
inline constexpr struct {
  const char* name;
  int (*function)(const std::uint8_t*, std::size_t);
} all_targets[] = {
@rows@    {nullptr, nullptr}};
")
endfunction()
