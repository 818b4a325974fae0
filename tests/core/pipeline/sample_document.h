#pragma once

#include <string_view>

namespace streamwright {

/// A document in canonical form that uses every part of the format.
constexpr std::string_view kSampleDocument = R"({
  "streamwright": 1,
  "name": "purchase-requests",
  "description": "Заявки на покупку",
  "settings": {
    "processing_guarantee": "at_least_once",
    "commit_interval_ms": 1000,
    "on_error": "fail"
  },
  "connections": {
    "kafka": {
      "bootstrap_servers": "${KAFKA_BROKERS:localhost:9092}",
      "sasl_password": "${secret:KAFKA_PASSWORD}",
      "properties": {
        "client.rack": "a"
      }
    },
    "other": {
      "bootstrap_servers": "embedded"
    }
  },
  "nodes": [
    {
      "id": "requests",
      "type": "kafka_source",
      "title": "Input topic",
      "config": {
        "connection": "kafka",
        "topic": "InputsTopic",
        "limits": [1, 2.5, 18446744073709551615]
      }
    },
    {
      "id": "parse",
      "type": "parse",
      "description": "Splits the text.",
      "mode": "bypass",
      "config": {
        "outputs": [
          {
            "name": "product",
            "type": "string"
          }
        ],
        "error_message": "Это не заявка\n\"на покупку\""
      },
      "x-owner": "sales"
    },
    {
      "id": "apps",
      "type": "kafka_sink"
    }
  ],
  "edges": [
    {
      "from": "requests",
      "to": "parse"
    },
    {
      "from": "parse.error",
      "to": "apps",
      "x-label": "bad"
    }
  ],
  "layout": {
    "nodes": {
      "requests": [0, 0],
      "parse": [312, 0.5]
    },
    "frames": [
      {
        "title": "Intake",
        "rect": [-24, -48, 560, 200]
      }
    ],
    "notes": [],
    "bends": {
      "parse.error->apps": [
        [400, 180]
      ]
    }
  },
  "x-team": null
}
)";

} // namespace streamwright
