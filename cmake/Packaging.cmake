# What `cmake --install` puts under the prefix: the two programs, the data they read, the public headers.
foreach(program relayspec relayspec-relay)
  if(TARGET ${program})
    install(TARGETS ${program})
  endif()
endforeach()
install(DIRECTORY testsuites/relays testsuites/requirements DESTINATION ${CMAKE_INSTALL_DATADIR}/relayspec)
install(DIRECTORY include/relayspec DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
