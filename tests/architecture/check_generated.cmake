# Fails when FILE (relative to SOURCE_DIR) is not what `streamwright COMMAND` prints, and names what renews it.
separate_arguments(arguments UNIX_COMMAND "${COMMAND}")
execute_process(COMMAND "${PROGRAM}" ${arguments} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "\"streamwright ${COMMAND}\" ended with ${result}.")
endif()
set(committed "")
if(EXISTS "${SOURCE_DIR}/${FILE}")
    file(READ "${SOURCE_DIR}/${FILE}" committed)
endif()
if(NOT printed STREQUAL committed)
    message(FATAL_ERROR "${FILE} is stale. Renew it with:\n"
        "  build/release/bin/streamwright ${COMMAND} > ${FILE}")
endif()
