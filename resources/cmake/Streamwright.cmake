# What every target of the project shares: warnings, sanitizers, a linker that is quick where there is one.
include(CheckCXXCompilerFlag)
find_package(Threads REQUIRED)
find_program(SW_MOLD mold)

add_library(sw_options INTERFACE)
target_include_directories(sw_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(sw_options INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Wswitch
    $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow> # GCC holds an enumerator for a shadow of a type
    -Wno-missing-field-initializers) # a designated initialiser names what differs from the defaults
target_link_libraries(sw_options INTERFACE Threads::Threads)
if(SW_WERROR)
    target_compile_options(sw_options INTERFACE -Werror)
endif()
if(SW_SANITIZE)
    target_compile_options(sw_options INTERFACE -fsanitize=${SW_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(sw_options INTERFACE -fsanitize=${SW_SANITIZE})
endif()
if(SW_FORCE_BLOCKED)
    target_compile_definitions(sw_options INTERFACE SW_FORCE_BLOCKED)
endif()
if(SW_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_link_options(sw_options INTERFACE -fuse-ld=mold)
endif()

# sw_library(NAME SOURCES file... [DEPS target...] [PRIVATE_DEPS target...])
# One static library for one folder of core or gui; its dependencies mirror the direction of includes.
function(sw_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC sw_options ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
endfunction()
