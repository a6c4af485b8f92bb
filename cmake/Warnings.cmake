# SPDX-License-Identifier: Apache-2.0
# What every target of the project is compiled with: warnings are errors, releases are hardened, and the sanitizers when
# asked for.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# What sanitizers and coverage bring along does not go with another allocator or with a system call filter.
if(RELAYSPEC_SANITIZE OR CMAKE_CXX_FLAGS_RELEASE MATCHES coverage)
  set(RELAYSPEC_INSTRUMENTED ON)
endif()

# For code that is compiled without the sanitizers in every build: what helps to fuzz.
add_library(relayspec_plain_options INTERFACE)
target_compile_definitions(relayspec_plain_options INTERFACE RELAYSPEC_VERSION="${PROJECT_VERSION}")
target_compile_options(relayspec_plain_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wnon-virtual-dtor -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(relayspec_plain_options INTERFACE -Wno-restrict -Wno-array-bounds
                         -Wno-stringop-overflow -Wno-stringop-overread)  # false alarms of g++ 12 in std::string and std::vector
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(relayspec_plain_options INTERFACE -Wno-sign-conversion)  # not a part of -Wconversion with g++ either
endif()
target_include_directories(relayspec_plain_options INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR})
add_library(relayspec_options INTERFACE)
target_link_libraries(relayspec_options INTERFACE relayspec_plain_options)
if(RELAYSPEC_SANITIZE)
  target_compile_options(relayspec_options INTERFACE -fsanitize=${RELAYSPEC_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_link_options(relayspec_options INTERFACE -fsanitize=${RELAYSPEC_SANITIZE})
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT RELAYSPEC_INSTRUMENTED)
  set(RELAYSPEC_HARDENED ON)
  target_compile_options(relayspec_options INTERFACE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
                         $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
  target_link_options(relayspec_options INTERFACE LINKER:-z,relro,-z,now)
endif()

# Tests run for seconds and are compiled for minutes.
add_library(relayspec_test_options INTERFACE)
target_compile_options(relayspec_test_options INTERFACE -O0)
