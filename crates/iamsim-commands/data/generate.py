#!/usr/bin/env python3
"""Writes what the AWS CLI accepts, from an installed AWS CLI.

    pip install awscli==1.46.3 && python3 generate.py | zstd -19 > cli.txt.zst

Lines: `#<service> <IAM prefix>` opens a service; then one line per operation: its name in the CLI, its name in the
API (`-` for a command that is no single API operation), and its flags without dashes, each with a suffix:
`!` must be given, `*` takes several values, `?` takes none, `~` is a `?` with a `--no-` twin, `%` takes one or none;
`<name>` is positional. Pagination flags and those every operation has are left out. A waiter is `wait/<name>`, with
the operation it repeats.
"""
import awscli.clidriver

# Where the signing name of the API is not the prefix of its IAM actions.
PREFIXES = {
    "apigatewayv2": "apigateway",
    "applicationcostprofiler": "application-cost-profiler",
    "cloudcontrol": "cloudformation",
    "cloudwatch": "cloudwatch",
    "dynamodbstreams": "dynamodb",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "mturk": "mechanicalturk",
    "resourcegroupstaggingapi": "tag",
    "iotsecuretunneling": "iot",
    "opensearch": "es",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "pinpoint-email": "ses",
    "s3control": "s3",
    "ses": "ses",
    "sesv2": "ses",
}
EVERYWHERE = {"cli-input-json", "cli-input-yaml", "generate-cli-skeleton", "starting-token", "max-items", "page-size"}
KEEP_ALWAYS = {"s3"}
# Flags that are added only when a command runs.
LATE = {("s3", "sync"): ["delete?", "exact-timestamps?", "size-only?"]}
# What only the second version of the AWS CLI has, which is not in the package registry.
SECOND_FLAGS = {("s3", name): ["copy-props", "no-overwrite?"] for name in ("cp", "mv", "sync")}
SECOND_COMMANDS = {
    "logs": {"tail": "- <group_name> since follow? format filter-pattern log-stream-names* log-stream-name-prefix"},
}


def suffix(argument):
    if getattr(argument, "positional_arg", False):
        return None
    required = "!" if argument.required else ""
    if argument.cli_type_name == "boolean" or getattr(argument, "_action", None) in ("store_true", "store_false"):
        return required + "?"
    if argument.cli_type_name == "list" or argument.nargs in ("+", "*"):
        return required + "*"
    if argument.nargs == "?":
        return required + "%"
    return required


def flags(service, table):
    for name, argument in table.items():
        if name.startswith("no-") and name[3:] in table and suffix(argument) == "?":
            continue
        if name in EVERYWHERE and service not in KEEP_ALWAYS:
            continue
        mark = suffix(argument)
        positional = mark is None or name == "outfile" and type(argument).__name__ == "StreamingOutputArgument"
        if mark == "?" and f"no-{name}" in table:
            mark = "~"
        yield f"<{name}>" if positional else name + mark


def table_of(command):
    if hasattr(command, "_get_command_table"):
        return command._get_command_table()
    return getattr(command, "subcommand_table", {})


def prefix(name, command):
    if name in PREFIXES:
        return PREFIXES[name]
    model = getattr(command, "service_model", None)
    return model.signing_name if model else name


def main():
    driver = awscli.clidriver.create_clidriver()
    services = driver._get_command_table()
    for name in sorted(services):
        command = services[name]
        if name in ("configure", "history", "help", "login"):
            continue
        print(f"#{name} {prefix(name, command)}")
        operations = table_of(command)
        second = SECOND_COMMANDS.get(name, {})
        for operation in sorted([*operations, *second]):
            if operation in ("help", "wait"):
                continue
            if operation in second:
                print(operation, second[operation])
                continue
            entry = operations[operation]
            model = getattr(entry, "_operation_model", None)
            further = (*LATE.get((name, operation), ()), *SECOND_FLAGS.get((name, operation), ()))
            print(operation, model.name if model else "-", *flags(name, entry.arg_table), *further)
        if "wait" in operations:
            waiters = operations["wait"].subcommand_table
            for waiter in sorted(waiters):
                entry = waiters[waiter]
                if waiter != "help":
                    print(f"wait/{waiter}", entry._operation_model.name, *flags(name, entry.arg_table))


main()
