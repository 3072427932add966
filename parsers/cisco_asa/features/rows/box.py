"""What concerns the firewall itself, or other things than packets that pass."""

from __future__ import annotations

from aclproof.parsers.cisco_asa.features.row import Feature, harmless, modelled

ROWS: tuple[Feature, ...] = (
    modelled("access-list", "which packets pass", "FW access rules"),
    modelled("access-group", "where a list is bound", "FW access rules"),
    modelled("ipv6 access-list", "which packets pass", "CLI8 access rules"),
    modelled("object", "a name for addresses or services", "FW objects"),
    modelled("object-group", "a name for several", "FW objects"),
    modelled("name", "a name for an address", "FW objects"),
    modelled("time-range", "when an entry holds", "FW objects"),
    modelled("nat", "translation", "FW NAT"),
    modelled("static", "translation before 8.3", "FW NAT"),
    modelled("global", "translation before 8.3", "FW NAT"),
    modelled("nat-control", "translation before 8.3", "FW NAT"),
    modelled("alias", "translation of a PIX, and of DNS: open", "CR"),
    modelled("conduit", "the permits of a PIX 6: open", "FN 26895"),
    modelled("outbound", "the filters of a PIX 6: open", "FN 26895"),
    modelled("apply", "binds the filters of a PIX 6: open", "FN 26895"),
    modelled("established", "permits further connections back: open", "GlobalKnowledge 2011"),
    modelled("context", "a context of the system space", "GEN contexts"),
    modelled("changeto", "what follows is another context's: open", "GEN contexts"),
    modelled("hostname", "its name", "CR"),
    modelled("ASA|PIX|FWSM|NGFW", "its release", "CR"),
    modelled("no", "takes something away", "CR"),
    modelled("clear", "takes something away", "CR"),
    *harmless("""
        user-identity
        user-group
        security-group
        dns
        dns-group
        dns-guard
        name-server
        nameserver
        domain-name
        names
        regex
        dns-server
        """, "who or what a name is: entries with such names are open by themselves", "FW objects, identity"),
    *harmless("""
        aaa-server
        active
        auth-prompt
        banner
        boot
        call-home
        checkheaps
        clock
        command-alias
        config-register
        configure
        console
        coredump
        crashinfo
        Cryptochecksum
        debug
        default
        delete
        disable
        eject
        enable
        end
        erase
        event
        exit
        feature
        fips
        ftp
        hash
        help
        hpm
        http
        import
        kerberos-realm
        key
        ldap
        license
        license-server
        login
        logout
        lookup
        management
        management-access
        management-interface
        mask-syst-reply
        memory
        migrate
        mode
        monitor-interface
        mount
        ntp
        packet-tracer
        pager
        passwd
        password
        password-policy
        perfmon
        privilege
        prompt
        quit
        quota
        radius-common-pw
        reload
        rename
        restore
        backup
        session
        setup
        sh
        show
        smtp
        smtp-server
        smtps
        imap4s
        pop3s
        snmp
        snmp-map
        snmp-server
        software
        ssh
        ssl
        sso-server
        tacacs
        telnet
        terminal
        test
        tftp
        tftp-server
        user-alert
        user-statistics
        verify
        who
        write
        capture
        asdm
        app-agent
        service-interface
        service-module
        sw-module
        snort
        :
        """, "administration of the box, or a command that is entered and not kept", "CR"),
    *harmless("""
        icmp
        ipv6 icmp
        ipv6 enforce-eui64
        ipv6 dhcprelay
        ipv6 dhcp
        ipv6 neighbor
        ipv6 nd
        ipv6 unicast-routing
        ipv6 address
        ipv6 enable
        dhcpd
        dhcprelay
        dhcp-client
        dhcp-server
        ddns
        mac-address-table
        mac-address
        mac
        lacp
        lldp
        mtu
        jumbo-frame
        speed
        flowcontrol
        vlan
        storm-control
        """, "what the box itself sends and answers", "GEN"),
    *harmless("""
        as-path
        bfd
        bgp
        community-list
        isis
        ospf
        rip
        prefix-list
        ipv6 prefix-list
        ipv6 router
        policy-list
        key chain
        static-route
        sla
        track
        threshold
        zone
        vrf
        vxlan
        nve
        igmp
        mfib
        mld
        mrib
        mroute
        multicast
        multicast-routing
        pim
        """, "goes with the lines that use it, which decide", "GEN routing"),
    *harmless("""
        asp
        class
        compression
        fixup
        floodguard
        flow-export
        flow-offload
        forward-reference
        fragment
        hardware-bypass
        netflow
        priority-queue
        rtp-conformance
        sunrpc-server
        service
        sysopt
        tcp-intercept
        timeout
        xlate
        gtp-map
        ftp-map
        h225-map
        hsi-group
        mgcp-map
        sctp-map
        sip-map
        l2tp
        ipsec
        ipsec-udp
        lisp
        media-termination
        media-type
        phone-proxy
        ctl-file
        ctl-provider
        tls-proxy
        uc-ime
        mobile-device
        cxsc
        scansafe
        alert-interval
        access-list deny-flow-max|alert-interval|cached
        """, "speed, memory, time limits of idle sessions, or engines of other traffic", "FW; GEN"),
    *harmless("""
        access-expression
        async-bootp
        auto-update
        cluster
        crypto-map
        dynamic-map
        failover
        file-browsing
        file-entry
        group
        group-delimiter
        group-search
        ignore-ipsec-keyusage
        map
        mask-banner
        mcc
        no-proxy
        parameters
        peer-id-validate
        remote-access
        rsa-sig-check
        ruleset
        smart-tunnel
        sop
        tcp-options
        tunnel-limit
        url
        url-list
        web-agent-url
        web-applications
        webtype
        zonelabs-integrity
        """, "of VPN users, of a pair of boxes, or of a section above", "VPN; GEN failover"),
)
