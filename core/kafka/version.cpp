#include "core/kafka/version.h"

#include <librdkafka/rdkafka.h>

namespace streamwright::kafka {

std::string libraryVersion()
{
    return rd_kafka_version_str();
}

} // namespace streamwright::kafka
