"""An ASA between two networks, to which tests give lists of their own, and its site."""

INTERFACES = """interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/1
 nameif dmz
 security-level 50
 ip address 10.30.0.1 255.255.255.0
"""
SITE = """pack: configmgr-2007
settings: {mode: native, client-os: windows-xp, schema-published: true, untrusted-clients: false}
methods: [client-push]
roles: {client: [198.51.100.0/24], management-point: [10.30.0.10], site-server: [10.30.0.20]}
firewalls:
  - name: edge
    config: fw.cfg
    interfaces: {client: outside, management-point: dmz, site-server: dmz}
"""
