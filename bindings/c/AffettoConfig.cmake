# Affetto::affetto, the imported shared library. Paths are relative to this file.
get_filename_component(_affetto_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET Affetto::affetto)
  add_library(Affetto::affetto SHARED IMPORTED)
  set_target_properties(Affetto::affetto PROPERTIES
    IMPORTED_LOCATION "${_affetto_prefix}/lib/libaffetto.so.0"
    IMPORTED_SONAME "libaffetto.so.0"
    INTERFACE_INCLUDE_DIRECTORIES "${_affetto_prefix}/include")
endif()

unset(_affetto_prefix)
