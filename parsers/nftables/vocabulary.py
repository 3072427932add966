"""What of the texts of nft belongs to nobody, also within a whole host's."""

from __future__ import annotations

from aclproof.parsers.iptables import vocabulary
from aclproof.parsers.nftables.text.symbols import SYMBOLS
from aclproof.parsers.renaming.vocabulary import Vocabulary

_WORDS = frozenset("""
abort ackseq arp_op asconf asconf-ack auto-merge avgpkt base bool boolean break broute burst_unit cfi
cgroupv2 chunk chvv classid comp concat config constant continue control cookie-ack cookie-echo count cpi
csumcov ct_dir ct_event ct_label ct_state ct_status ct_time cum-tsn-ack da daddr dccp_pkttype define dei
depth describe device devices direct docker0 doff dstnat dup dynamic ecne elem element elements enable eol
ether_addr ether_type event expectation expiration expires export expr exthdr fastopen fib fib_addrtype
field flow flowlabel flowtable form forward-tsn forwarding frag-off friday fully-random gc-interval ge
geneve grep gretap guid handle hdrlength heartbeat heartbeat-ack hlen hook hoplimit hour htype ibrhwaddr
ibriport ibrname ibrpvid ibrvproto icmp_code icmpv6_code icmpv6_type icmpx icmpx_code id if iface_index
iface_type ifname igmp_type ih iifgroup iifkind iifname iiftype include index inet_proto inet_service
init-ack init-tag initial-tsn int integer interval inv io ip6tables-legacy-save iptables-number ipv4_addr
ipv6_addr is-active jhash kbytes key km l3proto l3protocol l4proto last-entry le lead len level ll
lowest-tsn lshift lsmod lsrr mapping max-delay maxseg mbytes md5sig merges meta metainfo meter mh_type
minute mod monday more-fragments mptcp mrt ne never new-cum-tsn newname nexthdr nf_proto nfproto nftrace nh
nn noop nounset nssnuapytteochvv num-dup-tsns num-gap-ack-blocks num-inbound-streams num-outbound-streams
numgen object obriport obrname offset oifgroup oifkind oifname oiftype op optimize over param-problem
payload pcp per persist pipefail pkt_type plen position ppid prio progname proto-dst proto-src ptr ptype
queue-threshold quoted ra rate_unit read redefine reserved reserved2 result reversedns row rr rshift rt0 rt2
rtclassid sack sack-permitted sack0 sack1 sack2 sack3 saddr saturday sdif sdifname second secpath seed seen
seen_reply seg-left seqno sequence shutdown shutdown-ack shutdown-complete skgid skuid snaplen spnum srcnat
ssn ssrr start stateless stdin stmt stream su subtype sunday symhash taddr tag tcp_flag terse tests text th
thursday tracked traffic tree tsecr tsn tsval tuesday type_flags typeof undefine unsaid urgptr used
used_unit val val_unit variable verdict virbr0 vmap vni vtag wednesday week wildcard window xml xtrace
""".split())

VOCABULARY = vocabulary.VOCABULARY | Vocabulary(
    _WORDS | frozenset(name.casefold() for each in SYMBOLS.values() for name in each))
