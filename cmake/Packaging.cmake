# What `cmake --install` puts under the prefix: the two programs, the data they read, the public headers, and a CMake package
# with which find_package(relayspec) gives relayspec::harness and relayspec::relay.
include(CMakePackageConfigHelpers)

foreach(program relayspec relayspec-relay)
  if(TARGET ${program})
    install(TARGETS ${program})
  endif()
endforeach()
install(DIRECTORY testsuites/relays testsuites/requirements DESTINATION ${CMAKE_INSTALL_DATADIR}/relayspec)
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
