"""The same of Linux and Windows: `{}` is a secret that is no part of a rule.

A rule is quoted whole, its comment and its conditions too (SECURITY.md): a secret in one is none.
"""

from __future__ import annotations

_LINUX = """\
# password {}
#{}
root@fw:~# mysql -h 10.0.0.1 -p{}
root@fw:~# export PASS={}
root@fw:~# iptables-save; echo {}
root@fw:~# curl -u user:{} https://10.0.0.1/
root@{}:~# id
PGPASSWORD={} psql -h 10.0.0.1
export TOKEN={}
PASS={}
mysql -p{} -h 10.0.0.1 -P 3306
echo {} | sudo -S iptables-save
sudo -S <<< {}
gw.example.com : PSK "{}"
PrivateKey = {}
PresharedKey = {}
[Interface];;;PrivateKey = {};;;ListenPort = 51820
wpa_passphrase={}
psk={}
auth-trunc hmac(sha1) 0x{} 96
enc cbc(aes) 0x{}
src 10.0.0.1 dst 10.0.0.2;;;	proto esp spi 0x1 reqid 1 mode tunnel;;;	auth-trunc hmac(sha256) 0x{} 128
net.ipv6.conf.all.stable_secret = {}
net.ipv6.conf.eth0.stable_secret = {}
net.core.netdev_rss_key = {}
kernel.hostname = {}
root:$6${}:19000:0:99999:7:::
-----BEGIN PRIVATE KEY-----;;;{};;;-----END PRIVATE KEY-----
community {}
rocommunity {}
password {}
passwd {}
auth_pass {}
secret {}
{}
 {}
	{}
drop password {}
-password {}
--password {}
-p{}
table password {}
chain password {}
set secret {}
Chain password {}
-A_PASSWORD={}
iptables_password={}
nft_password={}
"""
_WINDOWS = """\
cpassword="{}"
<Properties action="U" newName="" userName="admin" cpassword="{}"/>
password={}
net use \\\\server\\share {} /user:admin
PS C:\\> $p = ConvertTo-SecureString "{}" -AsPlainText
C:\\> netsh wlan set profileparameter keyMaterial={}
Key Content            : {}
Password: {}
pskvalue={}
Auth1PSK:                             {}
"PSK"="{}"
"DefaultPassword"="{}"
"ipsecData"=hex:{}
; {}
# {}
rem {}
{}
 {}
"""


def _blocks(text: str) -> list[str]:
    return [each.replace(";;;", "\n") for each in text.splitlines()]


LINUX, WINDOWS = _blocks(_LINUX), _blocks(_WINDOWS)
