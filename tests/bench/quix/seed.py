"""The seed pipeline in Quix Streams (3.28.1), for the comparison of resources/docs/performance.md.

Arguments: bootstrap, input, output, rejects, group, at-least-once or exactly-once, commit interval in seconds.
Needs: pip install quixstreams==3.28.1
"""

import sys

from quixstreams import Application


def main(bootstrap, source, target, rejects, group, guarantee, interval):
    app = Application(
        broker_address=bootstrap,
        consumer_group=group,
        auto_offset_reset="earliest",
        processing_guarantee=guarantee,
        commit_interval=float(interval),
        auto_create_topics=False,
        producer_extra_config={"linger.ms": 2, "compression.codec": "lz4"},
        consumer_extra_config={"fetch.message.max.bytes": 4194304},
        loglevel="WARNING",
    )
    reject_topic = app.topic(rejects, value_serializer="json")
    output_topic = app.topic(target, value_serializer="json")
    frame = app.dataframe(app.topic(source, value_deserializer="json"))
    count = 0

    def parse(value):
        try:
            product, quantity = value["content"].rsplit(" ", 1)
            value["product"], value["quantity"] = product, int(quantity)
        except Exception as problem:  # whatever is wrong with the input is its reason
            value["error"] = str(problem)
        return value

    def number(value):
        nonlocal count
        count += 1
        return {
            "id": value["id"],
            "name": value["name"],
            "subject": value["subject"],
            "product": value["product"],
            "quantity": value["quantity"],
            "app_number": count,
        }

    frame = frame.apply(parse)
    frame[frame.apply(lambda value: "error" in value)].to_topic(reject_topic)
    good = frame[frame.apply(lambda value: "error" not in value and value["quantity"] > 0)]
    good.apply(number).to_topic(output_topic)
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
