#pragma once

#include "core/base/error.h"
#include "core/kafka/connection_config.h"

#include <string>
#include <string_view>

struct rd_kafka_error_s;

namespace streamwright::kafka {

/// What an error of librdkafka is about; names that are known make the message say which thing.
struct ErrorSubject {
    std::string_view topic;
    std::string_view group;
    std::string_view transactionalId;
    std::string_view
        doing; ///< "read", "write", "commit offsets of", … for errors without a text of their own
};

/// `code` is an rd_kafka_resp_err_t. `reason` is the library's text, which only goes into the message where
/// ours has nothing better; it may name the broker ("sasl_ssl://b1:9092/1: …").
[[nodiscard]] Error mapError(int code, std::string_view reason, const ConnectionConfig& connection,
                             const ErrorSubject& subject = {});
/// Of an rd_kafka_error_t: its retriable and fatal marks count; takes ownership.
[[nodiscard]] Error mapError(rd_kafka_error_s* error, const ConnectionConfig& connection,
                             const ErrorSubject& subject = {});

/// The broker's host:port out of a text of librdkafka, empty where there is none.
[[nodiscard]] std::string brokerOf(std::string_view reason);

} // namespace streamwright::kafka
