"""What may be asked about a computer with Windows Firewall."""

from __future__ import annotations

from aclproof.parsers.model.fact_kinds import FactKind
from aclproof.reason import Reason

_POLICY = "reg export HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall policy.reg"
_RULES = ("reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy "
          "local.reg")
_PROFILES = "netsh advfirewall show allprofiles"
_CONNECTION_RULES = "netsh advfirewall consec show rule name=all"

KINDS = (
    FactKind("Group Policy of {file}", Reason("whether Group Policy sets the Windows Firewall of the "
                                              "computer whose rules are in FILE"), False, _POLICY),
    FactKind("rules of Group Policy that are not in the files", Reason(
        "whether Group Policy has other rules than those in the files"), None, _POLICY),
    FactKind("rules that are not in the files", Reason("whether there are other rules than those in the "
                                                       "files"), False, _RULES),
    FactKind("profile settings differ from the defaults", Reason(
        "whether the settings of a profile are others than Windows' own (on, inbound blocked)"), False,
        _PROFILES),
    FactKind("conditions that {tool} does not show", Reason("whether any rule tests what TOOL does not show"),
             False, _RULES),
    FactKind("hidden conditions of {rule}", Reason("whether the packets meet what RULE may test besides, "
                                                   "which this export does not show"), None, _RULES,
             "met-unmet"),
    FactKind("lines lost at the end of {file}", Reason("whether lines are lost at the end of FILE"), False,
             _RULES),
    FactKind("{rule} is for everybody", Reason("whether RULE is for every program, user and interface"),
             False, _RULES),
    FactKind("{rule} is as Windows ships it", Reason("whether RULE is for the service of its group only"),
             True, "netsh advfirewall firewall show rule name=all verbose"),
    FactKind("{rule} is enforced", Reason("whether Windows enforces RULE"), False, "Get-NetFirewallRule"),
    FactKind("'{name}' of Group Policy decides", Reason(
        "whether an older setting of Group Policy lets packets through or stops them"), None, _POLICY),
    FactKind("connection security rules", Reason("whether a connection security rule stops what IPsec does "
                                                 "not authenticate"), None, _CONNECTION_RULES),
    FactKind("service hardening '{name}' blocks", Reason("whether a rule that hardens a service blocks it")),
    FactKind("'{owner}' decides instead of the Windows Firewall", Reason(
        "whether another product has taken the firewall's rules over"), None,
        "netsh advfirewall show global"),
    FactKind("{rule} is read by this Windows", Reason("whether RULE is written for a newer version of "
                                                      "Windows"), None, "winver"),
    FactKind("{rule} is not skipped", Reason("whether this version of Windows skips RULE"), None, "winver"),
    FactKind("platform {versions}", Reason("whether a rule is for this version of Windows"), None, "winver"),
    FactKind("store of {rule}", Reason("whether RULE comes from Group Policy"), None, "gpresult /h gp.html"),
    FactKind("interface type {types}", Reason("whether the interface is of one of these types"), None,
             "Get-NetAdapter"),
    FactKind("remote users of {rule}", Reason("whether the packets belong to the remote users that RULE "
                                              "names"), False),
    FactKind("remote computers of {rule}", Reason("whether the packets belong to the remote computers that "
                                                  "RULE names"), False),
    FactKind("local users of {rule}", Reason("whether the packets belong to the local users that RULE "
                                             "names"), False),
    FactKind("owner of {rule}", Reason("whether the packets belong to the owner that RULE names"), False),
    FactKind("IPsec", Reason("whether IPsec authenticates the packets"), False,
             "Get-NetIPsecMainModeSA"),
    FactKind("IPsec block", Reason("whether a rule blocks what IPsec does not authenticate"), True,
             "Get-NetIPsecMainModeSA"),
    FactKind("ICMP types of {rule}", Reason("which types of ICMP RULE is for"), None, _RULES),
    FactKind("port {word}", Reason("whether the port is one that Windows holds open as WORD"), None,
             "netstat -abno"),
    FactKind("paired device", Reason("whether the other end is a device that is paired with this one"),
             False),
    FactKind("the program {path}", Reason("whether it is the program PATH that listens or sends there"),
             None, "netstat -abno"),
    FactKind("the service {name}", Reason("whether it is the service NAME that listens or sends there"),
             None, "netstat -abno"),
    FactKind("a service", Reason("whether it is a service that listens there"), None, "netstat -abno"),
    *(FactKind(f"{keyword} of {{file}}", Reason("which addresses Windows takes for {keyword}",
                                                keyword=keyword), None, "ipconfig /all", "addresses")
      for keyword in ("LocalSubnet", "LocalSubnet4", "LocalSubnet6", "DNS", "DHCP", "WINS", "DefaultGateway",
                      "IntrAnet", "RmtIntrAnet", "Internet", "Ply2Renders", "CaptivePortal")),
    FactKind("{name}={value}", Reason("what a test of a rule means that is not known here"), None, _RULES),
)
