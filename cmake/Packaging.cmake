# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts under the prefix: the two programs, the data they read and their pages (component runtime); the
# public headers, and a CMake package with which find_package(relayspec) gives relayspec::harness and relayspec::relay
# (component development). CPack makes a Debian package of each.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME development)

foreach(program relayspec relayspec-relay)
  if(TARGET ${program})
    install(TARGETS ${program} COMPONENT runtime)
  endif()
endforeach()
install(DIRECTORY testsuites/relays testsuites/requirements DESTINATION ${CMAKE_INSTALL_DATADIR}/relayspec COMPONENT runtime)
install(FILES fuzz/coverage_map.c DESTINATION ${CMAKE_INSTALL_DATADIR}/relayspec COMPONENT runtime)
install(DIRECTORY include/relayspec DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

foreach(library harness relay)
  set_target_properties(relayspec_${library} PROPERTIES EXPORT_NAME ${library})
  target_compile_features(relayspec_${library} PUBLIC cxx_std_20)
endforeach()
install(TARGETS relayspec_harness relayspec_relay EXPORT relayspecTargets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/relayspec)
install(EXPORT relayspecTargets NAMESPACE relayspec:: DESTINATION ${package})
configure_package_config_file(cmake/relayspecConfig.cmake.in relayspecConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(relayspecConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/relayspecConfig.cmake ${PROJECT_BINARY_DIR}/relayspecConfigVersion.cmake DESTINATION ${package})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME relayspec)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "relayspec developers <relayspec@example.org>")
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME relayspec)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "isc-dhcp-relay, dnsmasq-base, tcpdump")
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "conformance and fuzz testing for DHCP relay agents
Puts a relay agent, as a black box, into a lab of network namespaces, plays
the clients in front of it and the servers behind it, and says hop by hop
what holds and what does not: each verdict with the clause of the RFC that
it rests on and a capture that shows it. Comes with a reference relay.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME relayspec-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "cmake, pkg-config, libfmt-dev, libgtest-dev, libmnl-dev, libtins-dev, libtomlplusplus-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "libraries of relayspec, for suites and tools of your own
Headers, static libraries and a CMake package of the lab, the judge and the
core of the reference relay.")
include(CPack)
