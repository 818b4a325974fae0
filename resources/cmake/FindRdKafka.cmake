# librdkafka >= 2.6.1 (older ones cannot log in with SCRAM to Kafka 4): the system's where it is new enough, else
# the static one that installer/build-librdkafka puts into SW_DEPS_DIR. Defines RdKafka::rdkafka.
set(RdKafka_MIN_VERSION 2.6.1)
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(SW_SYSTEM_RDKAFKA QUIET IMPORTED_TARGET rdkafka>=${RdKafka_MIN_VERSION})
endif()
if(SW_SYSTEM_RDKAFKA_FOUND)
    set(RdKafka_VERSION "${SW_SYSTEM_RDKAFKA_VERSION}")
    set(RdKafka_LIBRARY "${SW_SYSTEM_RDKAFKA_LINK_LIBRARIES}")
    if(NOT TARGET RdKafka::rdkafka)
        add_library(RdKafka::rdkafka ALIAS PkgConfig::SW_SYSTEM_RDKAFKA)
    endif()
else()
    find_path(RdKafka_INCLUDE_DIR librdkafka/rdkafka.h PATHS "${SW_DEPS_DIR}/include" NO_DEFAULT_PATH)
    find_library(RdKafka_LIBRARY NAMES librdkafka.a PATHS "${SW_DEPS_DIR}/lib" NO_DEFAULT_PATH)
    if(RdKafka_INCLUDE_DIR AND RdKafka_LIBRARY AND NOT TARGET RdKafka::rdkafka)
        file(STRINGS "${RdKafka_INCLUDE_DIR}/librdkafka/rdkafka.h" version_line REGEX "#define RD_KAFKA_VERSION ")
        string(REGEX MATCH "0x([0-9a-f][0-9a-f])([0-9a-f][0-9a-f])([0-9a-f][0-9a-f])" _ "${version_line}")
        math(EXPR major "0x${CMAKE_MATCH_1}")
        math(EXPR minor "0x${CMAKE_MATCH_2}")
        math(EXPR patch "0x${CMAKE_MATCH_3}")
        set(RdKafka_VERSION "${major}.${minor}.${patch}")
        add_library(RdKafka::rdkafka STATIC IMPORTED)
        set_target_properties(RdKafka::rdkafka PROPERTIES
            IMPORTED_LOCATION "${RdKafka_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${RdKafka_INCLUDE_DIR}"
            INTERFACE_LINK_LIBRARIES "ssl;crypto;sasl2;z;zstd;lz4;curl;m;dl;Threads::Threads")
    endif()
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka REQUIRED_VARS RdKafka_LIBRARY VERSION_VAR RdKafka_VERSION
    REASON_FAILURE_MESSAGE "run installer/build-librdkafka, which builds it into ${SW_DEPS_DIR}")
