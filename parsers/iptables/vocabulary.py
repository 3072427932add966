"""What of the texts of iptables and ipset belongs to nobody."""

from __future__ import annotations

from aclproof.parsers.iptables.text.names import NUMBERS
from aclproof.parsers.iptables.text.port_names import PORTS
from aclproof.parsers.netfilter import vocabulary
from aclproof.parsers.renaming.vocabulary import Vocabulary

_WORDS = frozenset("""
accept-local accepted accepts account ack add-set addon address-mask-reply address-mask-request
address-unreachable addrtype adds adirpnfx ahlen ahres ahspi ai alarm alert algo among an and and-mark
and-mask and-tos any apn append are arp arrival as asn audit avg ax back bad-header balance balancer
base-chains be before beyond-scope big binding bindings bitmap bitmask bits bpf bucketsize burst bypass
bytecode bytes-eq bytes-gt bytes-lt calling cat cc cd cgroup chance check checksum checksum-fill childlevel
chunk-types clamp-mss-to-pmtu class classify cluster cluster-hash-seed cluster-local-node
cluster-local-nodemask cluster-total-nodes clusterip clustermac cmd-owner code codes commands comment
communication-prohibited compres condition conn connbytes connbytes-dir connbytes-mode connections connlabel
connlimit connlimit-above connlimit-daddr connlimit-mask connlimit-saddr connlimit-upto connmark connrate
connsecmark conntrack contains context copy counters country cpu cpu-fanout create crit ct ctdir ctevents
ctexpire ctmask ctorigdst ctorigdstport ctorigsrc ctorigsrcport ctproto ctrepl ctrepldst ctrepldstport
ctreplsrc ctreplsrcport ctstate ctstatus datestart datestop days dccp-option dccp-types debug dec decrement
del del-set delete delete-chain delude destination-port destination-ports destination-unreachable
destination_ports destinations destroy devgroup direction diverts dmesg dnat dnetmap dnpt dport dports dpts
drop dropped drops dscp dscp-class dst dst-group dst-len dst-not-strict dst-opts dst-pfx dst-range dst-type
dstlimit dstmask dump ece ecn ecn-ip-ect ecn-tcp-cwr ecn-tcp-ece ecn-tcp-remove ect effect egress emerg end
entries eq err errexit error espspi eui64 exact exist expected expevents failed-policy fanout fin
fingerprint fix flush forceadd found frag fragfirst fragid fraglast fraglen fragment fragmentation-needed
fragments fragmore fragres fri from_ct from_nf full fully fuzzy gateway gc genre geoip gid gid-owner gradm
group grouped gt hain handles hash hash-init hashlimit hashlimit-above hashlimit-burst hashlimit-dstmask
hashlimit-htable-expire hashlimit-htable-gcinterval hashlimit-htable-max hashlimit-htable-size
hashlimit-mode hashlimit-name hashlimit-rate-interval hashlimit-rate-match hashlimit-srcmask hashlimit-upto
hashmode hashsize hbh hbh-len hbh-not-strict hbh-opts head header headers help helper hex hex-string
hit_count hitcount hl hl-dec hl-eq hl-gt hl-inc hl-lt hl-set hmark hmark-dport hmark-dport-mask
hmark-dst-prefix hmark-mod hmark-offset hmark-proto-mask hmark-rnd hmark-spi hmark-spi-mask hmark-sport
hmark-sport-mask hmark-src-prefix hmark-tuple hold holes honeypot hop-by-hop hopopt
host-precedence-violation host-prohibited host-redirect host-unknown host-unreachable icase
icmp-port-unreachable icmp6 icmp6-port-unreachable icmpv icmpv6-type idletimer iface in-interface inc
incompatible increase increment inet info ingress initval insert interface interfaces invalid invert
ip-header-bad ip4 ip6tables-legacy ip6tables-nft ip6tables-save ipcompspi iphash ipmap ipmark ipp2p
ipporthash ipportiphash ipportnethash iprange ipt_hashlimit iptables-legacy iptables-legacy-save
iptables-save iptree iptreemap ipv4options ipv4optsstrip ipv6header ipvs jg jump kerneltz label labels
layer7 led led-always-blink led-delay led-trigger-id left left-shift-mark length limit-burst limit-iface
limit-iface-in limit-iface-out limit-in limit-out line line-numbers lines list-rules listing live load
loaded local-node localtz log log-ip-options log-level log-macdecode log-prefix log-tcp-options
log-tcp-sequence log-uid logmark loose lscan lsnv lt mac mac-source macipmap mangle map map-mark map-prio
map-queue map-set mark markmask marks mask mask_of_both masquerade match match-set maxelem may member
members membership memory mh-type mirror mode module monitor monthdays mss multiport nat ndpi neigh
neighbor-advertisement neighbor-solicitation neighbour-advertisement neighbour-solicitation netdev
netfilter-persistent netflow nethash netmap netmask network-prohibited network-redirect network-unknown
network-unreachable new-chain next nf_tables nfacct nfacct-name nflog nflog-group nflog-prefix nflog-range
nflog-size nflog-threshold nfmask nfqueue nftables no-route no_flags no_option node nodst noexec noflush
nomatch note notice notrack nowildcard nth number numbered numbers numeric object-pinned octal oif on-ip
on-port only option or-mark or-mask or-tos orig os osf out-interface owner packet-too-big packets-eq
packets-gt packets-lt panic parameter-problem parsing part path persistent physdev physdev-in
physdev-is-bridged physdev-is-in physdev-is-out physdev-out pid-owner ping pknock pkt-type pkttype pong
port-unreachable portmap ports precedence-cutoff prefix probability probes processor proto-set
protocol-unreachable psd psh pversion queue queue-balance queue-bypass queue-cpu-fanout queue-num queues
quota quota2 random random-fully range rate rateest rateest-bps rateest-bps1 rateest-bps2 rateest-delta
rateest-eq rateest-ewmalog rateest-gt rateest-interval rateest-lt rateest-name rateest-pps rateest-pps1
rateest-pps2 rateest1 rateest2 raw rawdnat rawsnat rcheck rdest re realm reap receiver recent redirect
refuses reject reject-route reject-with related relied remove rename rename-chain replace reply reqid
required-option-missing reset resize restore restore-mark restore-skmark return return-nomatch returns reuse
revision rewrites right right-shift-mark router-advertisement router-solicitation rpfilter rsource rst rt
rt-0-addrs rt-0-not-strict rt-0-res rt-len rt-segsleft rt-type rttl ruleset sack-perm same sat save
save-mark sd secmark seconds security selctx selinux send sender sends services set-class set-counters
set-dscp set-dscp-class set-mark set-mss set-tos set-xmark setlist sets shift shift-mark short sid sid-owner
size skbinfo skbmark skbprio skbqueue snat snpt socket socket-exists soft source-ports source-quench
source-route-failed source_ports sources spi spis sport sports spts src-group src-pfx src-range src-type
srcmask srh srh-hdr-len-eq srh-hdr-len-gt srh-hdr-len-lt srh-last-entry-eq srh-last-entry-gt
srh-last-entry-lt srh-lsid srh-next-hdr srh-nsid srh-psid srh-segs-left-eq srh-segs-left-gt srh-segs-left-lt
srh-tag starting statistic steal stop stop-at-auth stop-at-frag stored str strict string strip-options sun
suppl-groups syn synproxy sysrq systemctl tables-legacy tail tarpit tc tcp-flags tcp-option tcpmss
tcpoptstrip tee test thu tid time-exceeded timestamp timestamp-reply timestamp-request timestart timestop
tname to-destination to-ports to-source to_ct to_nf tool tos tos-host-redirect tos-host-unreachable
tos-network-redirect tos-network-unreachable total-nodes tproxy-mark trace traceroute transparent true tt
ttl ttl-dec ttl-eq ttl-exceeded ttl-gt ttl-inc ttl-lt ttl-match ttl-set ttl-zero-during-reassembly
ttl-zero-during-transit tue tunnel tunnel-dst tunnel-src type u32 uid uid-owner ulog ulog-cprange
ulog-nlgroup ulog-prefix ulog-qthreshold unclean unknown-header-type unknown-option until untracked update
update-counters update-subcounters upgraded urg utc vaddr validmark vdir vmethod vnxl vport vportctl vproto
waits warn way_of_shift webmon weburl wed weekdays with wscale xor xor-mark xor-tos xresolve xset xt
xt_comment xt_recent xt_tee zero zone-orig zone-reply
""".split())

VOCABULARY = vocabulary.VOCABULARY | Vocabulary(
    _WORDS | frozenset(each.casefold() for each in (*NUMBERS, *PORTS)))
