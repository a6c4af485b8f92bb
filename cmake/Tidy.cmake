# The target `tidy`: clang-tidy over every source of the project, each again when it, a header that it includes, or the
# checks have changed since it last passed.
find_program(CLANG_TIDY NAMES clang-tidy-14 clang-tidy)

# Adds the stamps of one target's sources to the global property RELAYSPEC_TIDY; a source in two targets is checked once.
function(relayspec_tidy_target target directory)
  get_target_property(sources ${target} SOURCES)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "UTILITY" OR NOT sources)
    return()
  endif()
  get_property(binary_dir DIRECTORY ${directory} PROPERTY BINARY_DIR)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${directory} NORMALIZE)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${directory} OUTPUT_VARIABLE name_here)
    set(stamp ${PROJECT_BINARY_DIR}/tidy/${name})
    get_property(stamps GLOBAL PROPERTY RELAYSPEC_TIDY)
    if(NOT source MATCHES "\\.cc$" OR stamp IN_LIST stamps)
      continue()
    endif()
    # The object stands for the headers: the compiler's dependencies say when it is out of date.
    add_custom_command(OUTPUT ${stamp}
      COMMAND ${CLANG_TIDY} --quiet -p ${PROJECT_BINARY_DIR} ${source}
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS ${source} ${binary_dir}/CMakeFiles/${target}.dir/${name_here}.o ${PROJECT_SOURCE_DIR}/.clang-tidy
      COMMENT "clang-tidy ${name}" VERBATIM)
    cmake_path(GET stamp PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    set_property(GLOBAL APPEND PROPERTY RELAYSPEC_TIDY ${stamp})
  endforeach()
endfunction()

function(relayspec_tidy_directory directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    relayspec_tidy_target(${target} ${directory})
  endforeach()
  get_property(subdirectories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS subdirectories)
    relayspec_tidy_directory(${subdirectory})
  endforeach()
endfunction()

if(CLANG_TIDY AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  relayspec_tidy_directory(${PROJECT_SOURCE_DIR})
  get_property(stamps GLOBAL PROPERTY RELAYSPEC_TIDY)
  add_custom_target(tidy DEPENDS ${stamps})
endif()
