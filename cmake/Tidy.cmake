# The target `tidy`: clang-tidy over every source of the project, each again when it, a header that it includes, or the
# checks have changed since it last passed.
find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy)

function(relayspec_tidy_directory directory stamps)
  get_property(subdirectories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(binary_dir DIRECTORY ${directory} PROPERTY BINARY_DIR)
  foreach(target IN LISTS targets)
    get_target_property(sources ${target} SOURCES)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "UTILITY" OR NOT sources)
      continue()
    endif()
    list(FILTER sources INCLUDE REGEX "\\.cc$")
    foreach(source IN LISTS sources)
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${directory} NORMALIZE)
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${directory} OUTPUT_VARIABLE name)
      # The object stands for the headers: the compiler's dependencies say when it is out of date.
      set(object ${binary_dir}/CMakeFiles/${target}.dir/${name}.o)
      set(stamp ${object}.tidy)
      add_custom_command(OUTPUT ${stamp}
        COMMAND ${CLANG_TIDY} --quiet -p ${PROJECT_BINARY_DIR} ${source}
        COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
        DEPENDS ${source} ${object} ${PROJECT_SOURCE_DIR}/.clang-tidy
        COMMENT "clang-tidy ${name}" VERBATIM)
      list(APPEND ${stamps} ${stamp})
    endforeach()
  endforeach()
  foreach(subdirectory IN LISTS subdirectories)
    relayspec_tidy_directory(${subdirectory} ${stamps})
  endforeach()
  set(${stamps} ${${stamps}} PARENT_SCOPE)
endfunction()

if(CLANG_TIDY AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  relayspec_tidy_directory(${PROJECT_SOURCE_DIR} tidy_stamps)
  add_custom_target(tidy DEPENDS ${tidy_stamps})
endif()
