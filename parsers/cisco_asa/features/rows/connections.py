"""What stops or permits connections besides the access lists: logins, filters, limits, protection."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.row import Doubt, Feature, harmless, leaves_open, modelled
from aclproof.reason import Reason

LOGGED_IN = Doubt(
    "logged in", Reason("whether somebody has logged in at the firewall from that address by HTTP, HTTPS, "
                        "FTP or Telnet, which this line requires first; machines do not"),
    usual=False, find_out="show uauth", stops=False)
FILTERED = Doubt(
    "filter {what} refuses", Reason("whether the filter server of 'filter {what}' refuses the request, or "
                                    "does not answer", what="WHAT"),
    usual=False, find_out="show url-server statistics")
SHUNNED = Doubt(
    "scanning-threat shun", Reason("whether 'threat-detection scanning-threat shun' takes the sender for a "
                                   "scanner and shuns it: a host that contacts many others looks like one"),
    usual=False, find_out="show threat-detection shun")
BLACKLISTED = Doubt(
    "dynamic-filter drops", Reason("whether the botnet filter drops the packets: its list is downloaded"),
    usual=False, find_out="show dynamic-filter reports top")
SYSLOG = Doubt(
    "logging host {host}", Reason("whether the logging server {host} answers on TCP: while it does not, the "
                                  "firewall opens no connection ('logging permit-hostdown' is not set)",
                                  host="HOST"),
    usual=True, find_out="show logging", stops=False, relied_on=True)
REDIRECTED = Doubt(
    "wccp {service}", Reason("whether WCCP service {service} sends the packets to a cache instead of the "
                             "server", service="SERVICE"),
    usual=True, find_out="show wccp")
BIG_GROUPS = Doubt(
    "object-group-search drops", Reason("whether object-group-search drops the packets: more than 10,000 "
                                        "matches of groups may be too many for it"),
    usual=False, find_out="show asp drop | include group-search")
LIMITED = Doubt(
    "connection limit: {limit}", Reason("whether the connection limit of line {line} is reached: {limit}",
                                        limit="LIMIT", line="LINE"),
    usual=False, find_out="show service-policy, or show local-host")
COMMITTED = Doubt(
    "access-list commit", Reason("whether the access lists of the file are in force: with 'access-list mode "
                                 "manual-commit' they are so only after 'access-list commit'"),
    usual=True, find_out="show access-list", stops=False)
ARP = Doubt(
    "{command} {interface} drops", Reason("whether '{command}' at {interface} drops the packets: addresses "
                                          "that it does not know do not pass", command="COMMAND",
                                          interface="INTERFACE"),
    usual=False, find_out="show mac-address-table, show arp-inspection")

SNORT = Doubt(
    "snort", Reason("whether Snort lets the packets pass: it inspects what an access rule permits, by "
                    "policies that are not in this text"),
    usual=True, find_out="system support trace", stops=False)

ROWS: tuple[Feature, ...] = (
    leaves_open("aaa authentication match|include", "the packets wait for a login from their address",
                "TAC 113363", LOGGED_IN),
    leaves_open("aaa authorization match|include", "the packets wait for a login from their address",
                "TAC 113363", LOGGED_IN),
    modelled("aaa authentication exclude", "exempts packets from 'include'", "CR"),
    modelled("aaa authorization exclude", "exempts packets from 'include'", "CR"),
    leaves_open("filter url", "each request waits for a filter server", "CLI8 filtering", FILTERED),
    leaves_open("filter https", "each connection waits for a filter server", "CLI8 filtering", FILTERED),
    leaves_open("filter ftp", "each connection waits for a filter server", "CLI8 filtering", FILTERED),
    leaves_open("threat-detection scanning-threat shun", "a host that contacts many addresses is shunned",
                "CLI8; TAC 222315", SHUNNED),
    leaves_open("dynamic-filter drop blacklist", "drops listed addresses; those of the file surely",
                "FW Botnet", BLACKLISTED),
    modelled("dynamic-filter blacklist", "the addresses of the file's own black list", "FW Botnet"),
    modelled("dynamic-filter whitelist", "only takes away from the black list", "FW Botnet"),
    modelled("dynamic-filter enable", "where the black list is looked at", "FW Botnet"),
    leaves_open("logging host", "a server by TCP that is down stops all new connections",
                "howfunky 2010, packetu 2016", SYSLOG),
    leaves_open("access-list * advanced permit", "of Firepower Threat Defense: Snort may refuse it",
                "TAC 212321", SNORT),
    modelled("access-list * advanced trust|deny", "passes without Snort, or is dropped", "TAC 212321"),
    modelled("logging permit-hostdown", "a logging server that is down stops nothing", "CR"),
    modelled("logging enable", "without it no logging server is asked", "CR"),
    leaves_open("wccp", "web requests go to a cache on the same side", "WCCP guide", REDIRECTED),
    leaves_open("object-group-search access-control", "packets with too many group matches are dropped",
                "syslog 815002", BIG_GROUPS),
    leaves_open("access-list mode", "lists are in force after a commit only", "FWSM 2.3 ch. 10", COMMITTED),
    leaves_open("arp-inspection", "drops ARP without a static entry", "GEN", ARP),
    leaves_open("mac-learn", "drops unknown MAC addresses where it is disabled", "GEN", ARP),
    modelled("ip audit", "'info' with drop or reset stops echo and echo reply", "CLI8 signature list"),
    modelled("shun", "drops everything from an address", "CR"),
    *harmless("ip audit attack", "stops fragments and odd packets, no ordinary ones", "CLI8 signature list"),
    *harmless("""
        threat-detection basic-threat
        threat-detection rate
        threat-detection statistics
        threat-detection scanning-threat
        threat-detection service
        """, "counts; 'service' shuns who attacks the VPN", "FW threat detection"),
    *harmless("""
        filter activex
        filter java
        """, "blanks tags in pages, blocks none", "CLI8 filtering"),
    *harmless("""
        virtual http
        virtual telnet
        virtual ssh
        aaa mac-exempt
        aaa proxy-limit
        aaa local
        aaa accounting
        aaa authentication secure-http-client
        aaa authentication listener
        aaa authentication ssh|http|telnet|serial|enable|login-history
        aaa authorization command|exec|http
        """, "how a login is made, or a login to the box itself", "CR"),
    *harmless("""
        dynamic-filter updater-client
        dynamic-filter use-database
        dynamic-filter ambiguous-is-black
        url-server
        url-block
        url-cache
        logging
        """, "goes with another line, which decides", "CLI8; FW"),
)
