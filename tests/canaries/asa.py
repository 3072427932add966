"""Every place of an ASA's configuration where a secret or a private text can stand; `{}` is it.

By Cisco's command references of ASA 8 to 9: enable and users, AAA, VPN, failover, routing protocols, SNMP,
certificates, addresses with a password in them, texts for people. A block is the line with its headers.
Not here: what a rule says, and names that answer a question, such as that of a pool of addresses.
"""

from __future__ import annotations

_BLOCKS = """\
enable password {} encrypted
enable password $sha512$5000${}==$x== pbkdf2
enable password {} level 15 encrypted
passwd {} encrypted
username admin password {} encrypted privilege 15
username admin nopassword privilege {}
username admin attributes;;; password-storage {}
username admin attributes;;; ssh authentication publickey {} hashed
username admin attributes;;; vpn-group-policy {}
username admin attributes;;; ssh authentication pkf {}
tunnel-group VPN ipsec-attributes;;; ikev1 pre-shared-key {}
tunnel-group VPN ipsec-attributes;;; pre-shared-key {}
tunnel-group VPN ipsec-attributes;;;pre-shared-key {}
tunnel-group VPN ipsec-attributes;;; ikev2 local-authentication pre-shared-key {}
tunnel-group VPN ipsec-attributes;;; ikev2 remote-authentication pre-shared-key 0 {}
tunnel-group VPN ipsec-attributes;;; radius-sdi-xauth;;; ikev1 trust-point {}
tunnel-group VPN webvpn-attributes;;; pre-fill-username ssl-client;;; secondary-pre-fill-username {}
tunnel-group VPN webvpn-attributes;;; group-url https://user:{}@x/ enable
tunnel-group VPN general-attributes;;; password-management password-expire-in-days {}
tunnel-group {} type ipsec-l2l
tunnel-group-map {} 10 VPN
crypto isakmp key {} address 192.0.2.1
isakmp key {} address 192.0.2.1 netmask 255.255.255.255
crypto ikev1 keyring {}
crypto ipsec ikev1 transform-set {} esp-aes esp-sha-hmac
crypto map OUT 10 set session-key inbound esp 256 cipher {} authenticator {}
crypto map OUT 10 set session-key outbound ah 256 {}
crypto ipsec profile {}
crypto dynamic-map {} 1 set pfs
crypto key pubkey-chain rsa;;; addressed-key 10.0.0.1;;;  key-string {}
crypto ca trustpoint T;;; password {};;; keypair k
crypto ca trustpoint T;;; enrollment url http://user:{}@10.0.0.1/
crypto ca trustpoint T;;; subject-name CN={}
crypto ca trustpoint T;;; crl configure;;;  ldap-dn cn=admin {}
crypto ca trustpool policy;;; revocation-check {}
crypto ca certificate map {} 10
crypto ca certificate chain T;;; certificate 01;;;    {};;;  quit
crypto ca certificate chain T;;;certificate 01;;;{};;;quit
crypto ca certificate chain T;;; certificate ca {};;;    {} {};;;  quit
crypto ca server;;; passphrase {}
crypto ca server;;; smtp from-address {}@x
crypto ca server user-db;;; user {} otp {}
crypto ca export T pkcs12 {}
crypto ca import T pkcs12 {}
key config-key password-encryption {}
key chain K;;; key 1;;;  key-string {}
key chain K;;; key 1;;;  key-string 0 {};;;  cryptographic-algorithm md5
key-string {}
snmp-server community {}
snmp-server community 0 {}
snmp-server host inside 10.0.0.1 community {} version 2c
snmp-server host inside 10.0.0.1 {}
snmp-server user bob group v3 auth sha {} priv aes 128 {}
snmp-server user bob group v3 encrypted auth sha {}
snmp-server user bob group v3 engineID {} encrypted auth md5 {}
snmp-server location {}
snmp-server contact {}
aaa-server R protocol tacacs+;;;aaa-server R (inside) host 10.0.0.1;;; key {}
aaa-server R (inside) host 10.0.0.1;;; radius-common-pw {}
aaa-server R (inside) host 10.0.0.1 {} timeout 5
aaa-server R host 10.0.0.1 {}
aaa-server L (inside) host 10.0.0.1;;; ldap-login-password {};;; ldap-login-dn cn={}
aaa-server L (inside) host 10.0.0.1;;; ldap-base-dn {};;; ldap-attribute-map {}
aaa-server S (inside) host 10.0.0.1;;; kerberos-realm {}
aaa-server S (inside) host 10.0.0.1;;; nt-auth-domain-controller {}
aaa-server S protocol saml;;; idp-entity-id {}
aaa proxy-limit {}
aaa local authentication attempts max-fail {}
auth-prompt prompt {}
failover key {}
failover key hex {}
failover key ****;;;failover key 8 {}
failover ipsec pre-shared-key {}
failover lan unit {}
interface E7;;; nameif x;;; ospf message-digest-key 1 md5 {}
interface E7;;; nameif x;;; ospf message-digest-key 1 md5 8 {}
interface E7;;; nameif x;;; ospf authentication-key {}
interface E7;;; nameif x;;;ospf authentication-key {}
interface E7;;; nameif x;;; ospfv3 authentication ipsec spi 256 md5 {}
interface E7;;; nameif x;;; ospfv3 encryption ipsec spi 300 esp aes-cbc 128 {} sha1 {}
interface E7;;; nameif x;;; authentication key eigrp 1 {} key-id 1
interface E7;;; nameif x;;; rip authentication key {} key_id 1
interface E7;;; nameif x;;; isis password {} level-1
interface E7;;; nameif x;;; isis authentication key {}
interface E7;;; nameif x;;; isis authentication key-chain {}
interface E7;;; nameif x;;; pppoe client vpdn group {}
interface E7;;; nameif x;;; dhcp client client-id {}
interface E7;;; nameif x;;; dot1x pae {}
interface E7;;; nameif x;;; cts manual;;;  policy static sgt {}
interface E7;;; nameif x;;; authentication password {}
interface E7;;; nameif x;;; ip authentication key {}
interface E7;;; nameif x;;; ip password {}
interface E7;;; nameif x;;; nat password {}
interface E7;;; description {}
cts server-group {}
cts import-pac disk0:/x.pac password {} hex {}
router bgp 65000;;; neighbor 10.0.0.1 password {}
router bgp 65000;;; address-family ipv4 unicast;;;  neighbor 10.0.0.1 password 7 {}
router bgp 65000;;; bgp router-id {}
router ospf 1;;; area 0 virtual-link 1.1.1.1 authentication-key {}
router ospf 1;;; area 0 virtual-link 1.1.1.1 message-digest-key 1 md5 {}
router rip;;; key {}
router eigrp 1;;; neighbor 10.0.0.1 key {}
router isis;;; area-password {}
router isis;;; domain-password {} authenticate snp
router isis;;; authentication key {} level-1
ipv6 router ospf 1;;; area 0 authentication ipsec spi 256 sha1 {}
ntp authentication-key 1 md5 {}
ntp authentication-key 1 cmac {}
ntp server 10.0.0.1 key {}
vpdn username bob password {}
vpdn username bob password {} store-local
vpdn group G ppp authentication {}
vpdn group G localname {}
pppoe client {}
boot config tftp://user:{}@10.0.0.1/x
boot system tftp://user:{}@10.0.0.1/x
auto-update server https://user:{}@10.0.0.1/x
auto-update device-id string {}
copy ftp://user:{}@10.0.0.1/x
tftp-server inside 10.0.0.1 {}
archive;;; path ftp://user:{}@10.0.0.1/x
backup location ftp://user:{}@10.0.0.1/x passphrase {}
config-url ftp://user:{}@10.0.0.1/x
context admin;;; config-url ftp://user:{}@10.0.0.1/x
context admin;;; description {}
ddns update method M;;; ddns both;;; http add http://user:{}@x/
ddns update method M;;; web update-url https://user:{}@x/nic/update?h=<h>
dns update {}
dns-group {};;; domain-name {}
dhcpd option 66 ascii {}
dhcpd domain {}
dhcpd update dns {}
wccp web-cache password {}
wccp 90 redirect-list L password {}
url-server (inside) vendor websense host 10.0.0.1 {}
url-block {}
scansafe general-options;;; license {}
scansafe general-options;;; server primary ip 10.0.0.1 {}
dynamic-filter updater-client {}
umbrella-global;;; token {};;; public-key {}
smart-call-home {}
call-home;;; contact-email-addr {};;; sender from {};;; customer-id {}
call-home;;; profile P;;;  destination address http https://user:{}@x
call-home;;; http-proxy 10.0.0.1 port 80 {}
license smart;;; register idtoken {}
license smart register idtoken {}
activation-key {} {} {}
smtp-server {}
logging from-address {}@x
logging recipient-address {}@x level critical
logging ftp-server 10.0.0.1 /x user {}
logging ftp-server 10.0.0.1 /x user 0 {}
logging device-id string {}
mount X type cifs;;; server 10.0.0.1;;; username bob;;; password {};;; domain {}
mount X type ftp;;; password {}
sla monitor 1;;; type echo protocol ipIcmpEcho {}
webvpn;;; anyconnect image {}
webvpn;;; http-proxy 10.0.0.1 80 username bob password {}
webvpn;;; proxy-bypass interface x port 1 target {}
webvpn;;; sso-server S type siteminder;;;  policy-server-secret {}
webvpn;;; saml idp {};;;  url sign-in https://user:{}@x/
webvpn;;; smart-tunnel auto-signon A;;; auto-signon allow uri http://x/{} auth-type basic
webvpn;;; portal-access-rule 1 deny code 403 user-agent match {}
group-policy G attributes;;; vpn-filter value deny permit {}
group-policy G attributes;;; banner value {}
group-policy G attributes;;; dns-server value {};;; default-domain value {}
group-policy G attributes;;; msie-proxy server value {}
group-policy G external server-group R password {}
dynamic-access-policy-record D;;; user-message "{}";;; description "{}"
ldap attribute-map M;;; map-value memberOf CN={} G
ldap-login-password {}
banner motd {}
banner login {}
banner asdm {}
prompt {}
command-alias exec x {}
object network X;;; description {}
object service Y;;; description {}
object-group network Z;;; description {}
object-group user U;;; user DOM\\{};;; user-group DOM\\\\{}
user-identity domain DOM aaa-server {}
user-identity ad-agent aaa-server {}
user-identity default-domain {}
policy-map P;;; description {}
class-map C;;; description {}
regex r "{}"
policy-map type inspect http H;;; parameters;;;  protocol-violation action {}
time-range T;;; description {}
route-map M permit 10;;; description {}
access-list W webtype permit url http://user:{}@x/
ipv6 access-list W webtype permit url http://user:{}@x/
privilege show level 5 mode exec command {}
management-access {}
ssh key-exchange {}
ssh authentication publickey {}
http authentication-certificate {}
http redirect {}
asdm location {}
asdm history {}
aaa-server-secret {}
password-policy {}
permit-password {}
access-password {}
nat-password {}
route-password {}
name-password {}
object-password {}
unknown-command {}
enable secret 5 {}
line vty 0 4;;; password 7 {}
username bob secret 5 {}
tacacs-server key {}
radius-server host 10.0.0.1 key {}
crypto isakmp client configuration group G;;; key {}
crypto keyring K;;;  pre-shared-key address 0.0.0.0 0.0.0.0 key {}
ip ftp password {}
ip http client password {}
ip ospf authentication-key {}
ip rip authentication key {}
ip ddns update method M;;; HTTP;;;  add http://user:{}@x/
neighbor 10.0.0.1 password {}
standby 1 authentication {}
ppp chap password 0 {}
: Written by {} at 12:00:00.123 CET Mon Nov 30 2026
: Serial Number: {}
: Hardware: {}
! password {}
!{}
Cryptochecksum:{}
xnable password {} encrypted
usernam admin password {}
snmp-servr community {}
ikev1 pre-shared-key {}
md5 {}
md5 8 {} quit
{}
 {}
"{}"
<!--{}-->
"""

POSITIONS = [each.replace(";;;", "\n") for each in _BLOCKS.splitlines()]
