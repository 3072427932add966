"""What of the texts of a Linux host belongs to nobody, whichever tool writes its rules."""

from __future__ import annotations

from aclproof.parsers.renaming.vocabulary import ADDRESS, Vocabulary

_WORDS = frozenset("""
abgelehnt above accept ad add add-egress-zone add-ingress-zone add-rich-rule add_list addr address addresses
addrgenmode after ahead algo all allow altname anycast anywhere ap assword at avg bare bash before
berechtigung bin bit blackhole bm bond boot br brd bridge bridge-nf-call bridge-nf-call-iptables bridged
broadcast burst by bytes cali calico canary cfg chain clamp closed cni code com command comment commit
completed conf connect connected connection counter counters create cts ctstate curl dadfailed das date
datei day dead decrease default denied deny deprecated dest dest_ip dest_port destination dev dhcp die dir
direct directory do docker docker-bridges docker-user done dormant down dpt dpts dscp dst-type dummy dynamic
echo echo-reply echo-request ecn end-of-chain eno enp ens entries erreichbar established etc eth eth0 ether
eui64 every example exit expire expires ext external f2b fail2ban failed family file filter
filter_forward_policies filter_fwd_policy filter_in filter_input_zones filtered firewall firewall-cmd
firewalld flags for forceadd forever forward forwarding fq_codel fragments from fw fw4 fwd für gefunden
generated get gid global go goto gre gso_max_segs gso_max_size hashlimit hashsize header helper hint hl home
hop host hostname hosts hour http ib icase icmp icmp-admin-prohibited icmp-host-prohibited
icmp-host-unreachable icmp-net-prohibited icmp-net-unreachable icmp-port-unreachable icmp-proto-unreachable
icmp-type icmp6-addr-unreachable icmp6-adm-prohibited icmp6-no-route icmp6-port-unreachable icmp_type
icmptype iif in inet6 ingress init input input_zones internal invert ip ip6 ip6tables ip6tables-legacy
ip6tables-legacy-save ip6tables-nft ip6tables-nft-save ip6tables-restore ip6tables-save ip_forward ipip
ipsec ipset iptables iptables-legacy iptables-legacy-save iptables-nft iptables-nft-save iptables-restore
iptables-save ipv ipv4 ipv6 ipv6-icmptype is isolation ist json keine kernel kind kmp kube kube-proxy
kubelet lan last late legacy length less level li lib libvirt libvirt_network limit link link-netnsid
linkdown linux list listed lo local localhost log logging login logout lookup loopback lower_up
lowerlayerdown ls lxc lxcbr lxdbr mac main managed mapped-rpc mark mask masq masquerade master match maxelem
medium members memory metric milliseconds min mngtmpaddr mode month more mq ms mtu multicast multiport name
native nc ncat net netavark netcat network netzwerk new new-policy nexthop nf_conntrack nf_tables nft
nft_compat nhid nicht no no-carrier noarp nodeports nodns none noop nop noprefixroute noqueue not notpresent
now null num numrxqueues numtxqueues oder of on onlink open openbsd operation opt options or org original
out output own packet packets password peer permaddr permanent permission permitted pervasive pfifo_fast
physdev pid pkts pmtu pol policy policy-routing port ports post postrouting pp ppp pre pref preferred_lft
prefix prerouting present priority probability proc program progress prohibit promiscuity prot proto
protocol proxy proxy-canary proxy-type qdisc qlen quic quota ra reached realms reason recent recv-only redir
redirect references refused reject-with reload reply rest revision ro root route router routes routing
rp_filter rpc-server rpfilter ru rule rules saved sbin scope script sctp sec secondary security see
send-only sep service services set sf sh shared show sid side since sit site size skbinfo skip slave socket
source source-port spt spts src src-type src_ip src_port srcmask sshd ssl stage started state static
statistic status string succeeded sudo svc sys sysctl system table tables tables-save tap target tcp
tcp-reset tcpflags tcpmss team temporary tentative testing them throw time timed timeout to tos touch
tracking traditional transparent trusted trying tun tunnel txt type u32 uci udp ufw ufw-user-input
ufw6-user-input uid uname unicast unit unknown unreachable unspec untracked up uptime upto use user users
usr v4 v6 valid_lft value verbindung verbindungsaufbau verbose version verzeichnis veth via virbr vlan vnet
vrf vxlan wait wan warning wartezeit weight wg wlan wlp work xfrm xlb xor xset xtables-save year yes
zielrechner zone zones zum
""".split())

VOCABULARY = Vocabulary(
    _WORDS,
    # network cards as the kernel and systemd name them, marks, counters
    shapes=(r"(?:eth|lo|wlan|wwan|ppp|tun|tap|br|bond|team|veth|docker|virbr|vlan|wg|lxcbr|vnet|dummy|sit|ip6tnl|"
            r"(?:en|wl|ww)[ops][0-9]+(?:[a-z]{1,2}[0-9]+)*)[0-9]*(?:\.[0-9]+)?(?:@if[0-9]+)?|0x[0-9a-fA-F]{1,8}|"
            r"[0-9]{1,5}flags|match0x[0-9a-f]{1,8}"),
    # chains of firewalld, kube-proxy, Docker and others, which show what they are for; files of a family
    parts=(r"(?:br|KUBE|DOCKER|CNI|NETAVARK|LIBVIRT|ufw6?|f2b|cali|zone|helper|policy|(?:[a-z]+_)?(?:PRE|POST|IN|"
           r"OUT|FWD[IO]?|FORWARD|INPUT|OUTPUT|PREROUTING|POSTROUTING|(?:in|out)put|forward|(?:pre|post)routing|"
           r"accept|drop|reject))[-_].+|(?i:.*(?:ip[46]|iptables|v[46]).*)"),
    remarks=(r"(?s)--(?:comment|(?:log|nflog|ulog)-prefix)[= ]+\"((?:[^\"\\\n]|\\.)*)\"",
             r"--(?:comment|(?:log|nflog|ulog)-prefix)[= ]+(?:'([^'\n]*)'|([^\s\"']+))",
             r"(?m)^[ \t]*[^\s#](?:[^\"#\n]|\"(?:[^\"\\\n]|\\.)*\")*[ \t]#(?! handle|conn)(.*)$",
             r"\"(?:comment|prefix)\":[ \t]*\"((?:[^\"\\\n]|\\.)*)\"", r"\bcomment[ \t]+'([^'\n]*)'",
             r"\b(?:comment|prefix)\\?\"?:?[ \t]+\\?\"((?:[^\"\\\n]|\\[^\"])*)\\?\"", r"/\* (.*?) \*/",
             # a comment that speaks of the other system is rewritten word by word: readers look at it
             r"(?m)^[ \t]*#(?![ \t]*(?:Generated by [\w.-]+ v\S+ on|Completed on|Error: |Perhaps )|"
             r".*(?i:\bnft\b|nftables|nf_tables|incompatible|newer version|\b(?:ip6?|eb|arp)tables))(.*)$"),
    ranges=(rf"\[\s*\"({ADDRESS})\",\s*\"({ADDRESS})\"\s*\]",),
    networks=(rf"\"addr\":\s*\"({ADDRESS})\",\s*\"len\":\s*([0-9]+)",))
