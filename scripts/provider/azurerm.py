"""A provider that plans and applies nothing: the types of schema.txt, over Terraform's plugin protocol 6.

It stands in for hashicorp/azurerm where plans are recorded: what a plan says of unknown, default and changed
values is Terraform's own doing, and only which attributes the provider fills in has to be right.
"""

import json
import os
import pathlib
import re
import sys
import tempfile
import uuid
from concurrent import futures

import grpc
import msgpack
from tf.gen import grpc_controller_pb2, grpc_controller_pb2_grpc, grpc_stdio_pb2_grpc
from tf.gen import tfplugin_pb2 as protocol
from tf.gen import tfplugin_pb2_grpc

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
UNKNOWN = msgpack.ExtType(0, b"\x00")
LINE = re.compile(
    r"(?P<name>\w+)(?::(?P<type>\w+))?(?P<marks>[!^]*)(?:(?P<sign>[=?~])(?P<value>[^\[{^]*))?(?P<late>\^?)"
    r"(?P<block>\[\d*\]|\{\*?\})?$"
)
TYPES = {"list": ["list", "string"], "set": ["set", "string"], "map": ["map", "string"]}


class Block:
    def __init__(self):
        self.attributes, self.blocks, self.id = {}, {}, None


class Part:
    """An attribute or a nested block of the schema."""

    def __init__(self, match):
        self.name = match["name"]
        self.type = match["type"] or "string"
        self.required = "!" in match["marks"]
        self.replaces = "^" in match["marks"] + match["late"]
        self.computed = match["sign"] in ("?", "~")
        self.optional = not self.required and match["sign"] != "~"
        self.sensitive = match["value"] == "secret"
        self.default = self.value(match["value"]) if match["sign"] == "=" else None
        self.applied = self.value(match["value"]) if match["value"] else None
        self.is_object = match["block"] == "{*}"
        self.is_block = match["block"] is not None and not self.is_object
        self.is_set = match["block"] == "{}"
        self.maximum = int((match["block"] or "").strip("[]{}*") or 0)
        self.block = Block()

    def value(self, text):
        if self.type == "number":
            return int(text)
        return text == "true" if self.type == "bool" else text

    def empty(self):
        if self.is_block or self.is_object or self.type in ("list", "set"):
            return []
        return {"number": 0, "bool": False, "map": {}}.get(self.type, "")


def schemas():
    found, stack = {}, []
    for line in (pathlib.Path(__file__).parent / "schema.txt").read_text().splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        if depth == 0:
            kind, name = text.split()
            found[kind, name] = Block()
            stack = [found[kind, name]]
            continue
        stack = stack[:depth]
        if text.startswith("id "):
            stack[0].id = text[3:]
            stack[0].attributes["id"] = Part(LINE.match("id~"))
            continue
        part = Part(LINE.match(text))
        if part.is_block:
            stack[-1].blocks[part.name] = part
            stack.append(part.block)
        elif part.is_object:
            stack[-1].attributes[part.name] = part
            stack.append(part.block)
        else:
            stack[-1].attributes[part.name] = part
    return found


SCHEMAS = schemas()


def type_of(part):
    if part.is_object:
        return ["set", ["object", {one.name: type_of(one) for one in part.block.attributes.values()}]]
    return TYPES.get(part.type, part.type)


def described(block):
    attributes = [
        protocol.Schema.Attribute(
            name=part.name,
            type=json.dumps(type_of(part)).encode(),
            required=part.required,
            optional=part.optional,
            computed=part.computed or part.default is not None,
            sensitive=part.sensitive,
        )
        for part in block.attributes.values()
    ]
    mode = protocol.Schema.NestedBlock
    blocks = [
        mode(
            type_name=part.name,
            block=described(part.block),
            nesting=mode.SET if part.is_set else mode.LIST,
            min_items=int(part.required),
            max_items=part.maximum,
        )
        for part in block.blocks.values()
    ]
    return protocol.Schema.Block(attributes=attributes, block_types=blocks)


def read(value):
    return msgpack.unpackb(value.msgpack, strict_map_key=False) if value.msgpack else json.loads(value.json)


def written(value):
    return protocol.DynamicValue(msgpack=msgpack.packb(value))


def planned(block, proposed, is_new):
    """What the provider plans: its defaults, and unknown for what it fills in on apply."""
    result = dict(proposed)
    for part in block.attributes.values():
        found = result.get(part.name)
        if found is not None:
            if part.is_object and isinstance(found, list):
                result[part.name] = [completed(part.block, one, is_new) for one in found]
            continue
        if part.default is not None:
            result[part.name] = part.default
        elif part.computed and is_new:
            result[part.name] = UNKNOWN
    for part in block.blocks.values():
        value = result.get(part.name)
        if not value and part.computed and is_new:
            result[part.name] = UNKNOWN
        elif isinstance(value, list):
            result[part.name] = [planned(part.block, one, is_new) for one in value]
    return result


def completed(block, value, is_new):
    """An object that is written as a block: the provider keeps what is left out as an empty value."""
    result = dict(value)
    for part in block.attributes.values():
        if result.get(part.name) is None:
            result[part.name] = UNKNOWN if part.computed and is_new else part.empty()
    return result


def filled(block, value, seed):
    """What is there after apply."""
    result = dict(value)
    for part in [*block.attributes.values(), *block.blocks.values()]:
        found = result.get(part.name)
        if isinstance(found, msgpack.ExtType):
            if part.is_block and part.block.attributes.get("network_plugin"):
                found = [filled(part.block, {"network_plugin": "kubenet"}, seed)]
            elif part.name.endswith(("principal_id", "client_id", "tenant_id", "object_id")):
                found = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{seed}/{part.name}"))
            else:
                found = part.empty() if part.applied is None else part.applied
            result[part.name] = found
        elif (part.is_block or part.is_object) and isinstance(found, list):
            result[part.name] = [filled(part.block, one, seed) for one in found]
        elif part.name not in result:
            result[part.name] = part.default if part.applied is None else part.applied
    return result


def identified(block, value):
    def inserted(match):
        name, _, kind = match[1].partition(":")
        if not kind:
            return str(value.get(name) or "0")
        outer = SCHEMAS["resource", kind]
        return re.sub(r"\{([^}]+)\}", inserted, outer.id.replace("{name}", str(value.get(name))))

    return re.sub(r"\{([^}]+)\}", inserted, block.id).replace("$", SUBSCRIPTION)


def applied(block, value):
    known = {name: part for name, part in value.items() if not isinstance(part, msgpack.ExtType)}
    own = identified(block, known)
    result = filled(block, value, own)
    result["id"] = own
    return result


class Provider(tfplugin_pb2_grpc.ProviderServicer):
    def GetMetadata(self, request, context):
        context.set_code(grpc.StatusCode.UNIMPLEMENTED)
        return protocol.GetMetadata.Response()

    def GetProviderSchema(self, request, context):
        texts = ["subscription_id", "tenant_id", "resource_provider_registrations"]
        mode = protocol.Schema.NestedBlock
        block = protocol.Schema.Block(
            attributes=[
                protocol.Schema.Attribute(name=name, type=b'"string"', optional=True) for name in texts
            ],
            block_types=[mode(type_name="features", block=protocol.Schema.Block(), nesting=mode.LIST)],
        )
        schemas = {
            kind: {name: protocol.Schema(block=described(block)) for (of, name), block in SCHEMAS.items() if of == kind}
            for kind in ("resource", "data")
        }
        return protocol.GetProviderSchema.Response(
            provider=protocol.Schema(block=block),
            resource_schemas=schemas["resource"],
            data_source_schemas=schemas["data"],
        )

    def ValidateProviderConfig(self, request, context):
        return protocol.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request, context):
        return protocol.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request, context):
        return protocol.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request, context):
        return protocol.ConfigureProvider.Response()

    def UpgradeResourceState(self, request, context):
        state = json.loads(request.raw_state.json)
        return protocol.UpgradeResourceState.Response(upgraded_state=written(state))

    def ReadResource(self, request, context):
        return protocol.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request, context):
        block = SCHEMAS["resource", request.type_name]
        prior, proposed = read(request.prior_state), read(request.proposed_new_state)
        if proposed is None:
            return protocol.PlanResourceChange.Response(planned_state=request.proposed_new_state)
        result = planned(block, proposed, prior is None)
        steps = []
        for part in [*block.attributes.values(), *block.blocks.values()]:
            if prior is None:
                break
            inner = [one for one in part.block.attributes.values() if one.replaces]
            before, after = prior.get(part.name), result.get(part.name)
            if part.replaces and before != after:
                steps.append([part.name])
            for one in inner:
                pair = zip(before or [], after or []) if isinstance(after, list) else []
                steps += [[part.name, 0, one.name] for old, new in pair if old.get(one.name) != new.get(one.name)]
        paths = [
            protocol.AttributePath(
                steps=[
                    protocol.AttributePath.Step(element_key_int=step)
                    if isinstance(step, int)
                    else protocol.AttributePath.Step(attribute_name=step)
                    for step in path
                ]
            )
            for path in steps
        ]
        return protocol.PlanResourceChange.Response(
            planned_state=written(result), requires_replace=paths, legacy_type_system=True
        )

    def ApplyResourceChange(self, request, context):
        value = read(request.planned_state)
        if value is not None:
            value = applied(SCHEMAS["resource", request.type_name], value)
        return protocol.ApplyResourceChange.Response(new_state=written(value), legacy_type_system=True)

    def ReadDataSource(self, request, context):
        block = SCHEMAS["data", request.type_name]
        value = read(request.config)
        for part in block.attributes.values():
            if part.computed and value.get(part.name) is None:
                value[part.name] = part.empty() if part.applied is None else part.applied
        value["id"] = identified(block, value)
        return protocol.ReadDataSource.Response(state=written(value))

    def StopProvider(self, request, context):
        return protocol.StopProvider.Response()


class Controller(grpc_controller_pb2_grpc.GRPCControllerServicer):
    def __init__(self, server):
        self.server = server

    def Shutdown(self, request, context):
        self.server.stop(grace=0.1)
        return grpc_controller_pb2.Empty()


class Output(grpc_stdio_pb2_grpc.GRPCStdioServicer):
    def StreamStdio(self, request, context):
        return iter([])


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    tfplugin_pb2_grpc.add_ProviderServicer_to_server(Provider(), server)
    grpc_controller_pb2_grpc.add_GRPCControllerServicer_to_server(Controller(server), server)
    grpc_stdio_pb2_grpc.add_GRPCStdioServicer_to_server(Output(), server)
    with tempfile.TemporaryDirectory() as folder:
        socket = os.path.join(folder, "provider.sock")
        server.add_insecure_port(f"unix://{socket}")
        server.start()
        print(f"1|6|unix|{socket}|grpc|", flush=True)
        server.wait_for_termination()


if __name__ == "__main__":
    sys.exit(main())
