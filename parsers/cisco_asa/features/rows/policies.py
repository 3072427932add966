"""Service policies: what is done to a class of traffic, and the maps that say how."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.row import Doubt, Feature, harmless, leaves_open, modelled
from aclproof.reason import Reason

MODULE = Doubt(
    "{module} drops", Reason("whether the {module} module drops the packets: its own policy is not in the "
                             "file", module="MODULE"),
    usual=False, find_out="show service-policy, and the module's policy")
OTHER_TRAFFIC = Doubt(
    "inspect {engine} on other traffic", Reason(
        "whether 'inspect {engine}' drops what is not {engine}: its class matches more than the engine's own "
        "ports, and everything in it is given to the engine", engine="ENGINE"),
    usual=True, find_out="show asp drop, or a packet capture")
ON_DYNAMIC_PORT = Doubt(
    "dynamic RPC on a port of inspect", Reason("whether an RPC server gets a dynamic port that another "
                                               "inspection takes for its own, such as 1521, 1720, 2000 or "
                                               "5060: that breaks the connection"),
    usual=False, find_out="show asp drop", relied_on=True)
INSPECTION_MAP = Doubt(
    "inspect {engine} {map}", Reason("whether the inspection map {map} stops the packets: it drops or resets "
                                     "some requests", map="MAP"),
    usual=False, find_out="show service-policy inspect")
UNSHOWN_INSPECTION_MAP = Doubt(
    INSPECTION_MAP.key, Reason("whether the inspection map {map} stops the packets: the file has no "
                               "'policy-map type inspect' of this name", map="MAP"),
    usual=False, find_out="show running-config policy-map")
UNSHOWN_POLICY = Doubt(
    "policy-map {policy} drops", Reason("whether policy-map {policy} stops the packets: it is in force, and "
                                        "not in the file", policy="POLICY"),
    usual=False, find_out="show running-config policy-map")
SCANSAFE = Doubt(
    "scansafe", Reason("whether 'inspect scansafe' sends the requests to a proxy in the cloud instead of the "
                       "server"),
    usual=True, find_out="show scansafe statistics")
TCP_MAP = Doubt(
    "tcp-map {map} drops", Reason("whether tcp-map {map} drops the packets of ordinary hosts", map="MAP"),
    usual=False, find_out="show asp drop")
UNSHOWN_TCP_MAP = Doubt(
    TCP_MAP.key, Reason("whether tcp-map {map} drops the packets of ordinary hosts: it is in force, and not "
                        "in the file", map="MAP"),
    usual=False, find_out="show running-config tcp-map")
TCP_OPTIONS = Doubt(
    "tcp-map {map} drops", Reason("whether tcp-map {map} drops the connections: Windows opens them with the "
                                  "options that it forbids", map="MAP"),
    usual=True, find_out="show asp drop")
POLICED = Doubt(
    "police drops", Reason("whether 'police' drops the packets of its class, with 'conform-action drop' also "
                           "those below its rate"),
    usual=True, find_out="show service-policy police")
FAIL_CLOSE = Doubt(
    "service-policy fail-close", Reason("whether a service policy with fail-close drops IPv6 that an "
                                        "inspection cannot handle"),
    usual=False, find_out="show service-policy")

ROWS: tuple[Feature, ...] = (
    modelled("class-map", "which packets a class holds", "FW service policy"),
    modelled("policy-map", "what is done to classes", "FW service policy"),
    leaves_open("service-policy", "where a policy is in force; one that is not in the file may do anything",
                "FW service policy", UNSHOWN_POLICY),
    leaves_open("tcp-map", "drops TCP packets that look unusual; by default none that ordinary hosts send",
                "FW TCP normalizer", TCP_MAP),
    modelled("http-map", "an inspection map of 7.0", "CR"),
    modelled("match", "which packets a class holds", "FW service policy", "class-map"),
    modelled("class", "the class that the next lines are about", "FW service policy", "policy-map"),
    modelled("match", "what an inspection map looks for", "FW inspection", "policy-map"),
    modelled("inspect icmp", "the reply of a ping comes back without a rule", "FW inspection", "policy-map"),
    modelled("inspect dcerpc", "opens the port that RPC agrees on over TCP 135, for IPv4", "FW inspection",
             "policy-map"),
    leaves_open("inspect scansafe", "web requests go to a proxy", "FW Cloud Web Security", SCANSAFE,
                "policy-map"),
    leaves_open("inspect", "an engine drops what it does not understand", "FW inspection; TAC DOC-12095",
                OTHER_TRAFFIC, "policy-map"),
    leaves_open("inspect sqlnet|h323|skinny|sip|pptp|ctiqbe|mmp", "its port lies among RPC's dynamic ones",
                "FW default ports; GEN 9.16(1)", ON_DYNAMIC_PORT, "policy-map"),
    leaves_open("sfr", "the FirePOWER module may drop anything", "FW FirePOWER", MODULE, "policy-map"),
    leaves_open("cxsc", "the CX module may drop anything", "FW CX", MODULE, "policy-map"),
    leaves_open("ips", "the IPS module may drop anything", "FW IPS", MODULE, "policy-map"),
    leaves_open("csc", "the CSC module may drop HTTP, FTP, SMTP, POP3", "FW CSC", MODULE, "policy-map"),
    modelled("set connection", "limits, tcp-state-bypass and the use of a tcp-map", "FW connections",
             "policy-map"),
    leaves_open("police", "drops above a rate, and with 'conform-action drop' below it, too", "FW QoS; CR",
                POLICED, "policy-map"),
    modelled("endpoint-mapper", "which messages of RPC an inspection map lets the engine read", "FW DCERPC",
             "policy-map"),
    leaves_open("drop|drop-connection|reset|protocol-violation", "an inspection map stops what it finds",
                "FW inspection", INSPECTION_MAP, "policy-map"),
    *harmless("""
        description
        parameters
        shape
        priority
        log
        mask
        mask-banner
        rate-limit
        user-statistics
        flow-export
        exit
        """, "counts, logs, or limits a rate", "FW QoS, inspection", "policy-map"),
    *harmless("""
        description
        rename
        exit
        """, "names the class", "FW service policy", "class-map"),
)
