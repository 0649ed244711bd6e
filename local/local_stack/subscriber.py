import json

from local_stack.clients import Clients

QUEUE = "every-event"
RULE = "every-event"
ALL = {"source": [{"prefix": ""}]}


def subscribe(clients: Clients, bus: str) -> str:
    """Make a queue that receives every event of the bus, as a subscriber's own would."""
    queues, events = clients.sqs(), clients.events()
    url = queues.create_queue(QueueName=QUEUE)["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    rule = events.put_rule(Name=RULE, EventBusName=bus, EventPattern=json.dumps(ALL))["RuleArn"]
    policy = json.dumps(allow(rule, arn))
    queues.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_targets(Rule=RULE, EventBusName=bus, Targets=[{"Id": QUEUE, "Arn": arn}])
    return url


def allow(rule: str, queue: str) -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
