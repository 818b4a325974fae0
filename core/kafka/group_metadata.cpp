#include "core/kafka/group_metadata.h"

#include <librdkafka/rdkafka.h>

namespace streamwright::kafka {

void GroupMetadata::Destroy::operator()(rd_kafka_consumer_group_metadata_s* handle) const
{
    rd_kafka_consumer_group_metadata_destroy(handle);
}

} // namespace streamwright::kafka
