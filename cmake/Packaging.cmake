# What `cmake --install` puts under the prefix: the two programs, the data they read, the public headers.
if(TARGET relayspec)
  install(TARGETS relayspec relayspec-relay)
endif()
install(DIRECTORY testsuites/relays testsuites/requirements DESTINATION ${CMAKE_INSTALL_DATADIR}/relayspec)
install(DIRECTORY include/relayspec DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
