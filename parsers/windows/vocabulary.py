"""What of Windows' texts belongs to nobody: words of its tools in every language, services, programs."""

from __future__ import annotations

from aclproof.parsers.renaming.vocabulary import Vocabulary

_WORDS = frozenset("""
access acción aceptar actif action active activepolicy activer activestore activé activée add address
addresses addressfilter administración administration advfirewall after agrupamento agrupamiento aktion
aktivieren aktiviert alerts all allow allowbypass allowed allowedprogram allowinbound
allowinboundechorequest allowinboundmaskrequest allowinboundrouterrequest allowinboundrules
allowinboundtimestamprequest allowlocalfirewallrules allowlocalipsecpolicymerge allowlocalpolicymerge
allowoutbound allowredirect allowunicastresponsetomulticast allowuserapps allowuserports allowuserprefmerge
allprofiles amp an an-noencap and ane-nego angegebenen anwendung any apos app appdata appinfo appiso applb
application applicationfilter appmgmt apppkgid archivos are arquivo as asjob at attempting audit auf aus
ausgehend auth authappsallowuserprefmerge authbypassout authdynenc authenc authenticate authenticateencrypt
authentication authnoencap authorized authorizedapplications autogenipsec autoriser ação backup barriers
base before beliebig benutzer beschreibung bits block block_all_inbound blocked blockieren blockinbound
blockinboundalways blockoutbound blocks bloquear bloquer boottimerulecategory borda boundary broadcast
browser btoif by bypass call called captiveportal category caudit cc ccm ccmexec cdata cells certpropsvc
cfg change chcp check_type cimsession clip closed clusters cn code collections com command commontcpport
compartilhamento compartir compartments compatibility comptid computer computername computerresults
computers con config configurable configurableservicestore configuration configuração confirm connect
connection connections consec consecrules control controlset controlset001 coordinator copy copyright core
corenet cortanaout count cp1252 cp437 cp850 cp858 cp932 cr creationclassname cred criteria criterios
crossing cruce crypto crypto2 csv cu cualquiera current currentcontrolset currentprofile custom customized
da data database datatype datei dcomlaunch de deaktivieren default defaultgateway defaultinboundaction
defaultoutboundaction defaults defender defer deferapp defertoapp defertouser deferuser degraded del delete
den dentro desc descoberta descripción description descrição desktop destination detección device devices
devmode dhcp diag diagnostics dienst dir dirección direction direção disable disable-netfirewallrule
disabled disabledinterfacealiases disabledinterfaces disabledobject disablenotifications disablestatefulftp
disablestatefulpptp disablestealthmode disablestealthmodeipsecsecuredpacketexemption
disableunicastresponsestomulticastbroadcast discovery displaygroup displayname distributed dll dns do docs
doctype does domain domaine domainprofile dominio domäne domänenprofil-einstellungen domínio
donotallowexceptions donotsecure drahtlos driver druckerfreigabe dsipsecpolicypath dsmsvc du dump duvarı
dword dynamic dynamickeywords dynamictarget dynamictransport découverte désactiver ea echo edge
edgeausnahme edgetraversalpolicy editor effective ein eingehend einstellung elementname embedctxt empty
enable enable-netfirewallrule enabled enablefirewall encoding encryption end endlocal endpoint
endpoint-mapper endpoint1 endpoint2 endpoints enforced enforcementstatus english entrada entrant entrée env
eof ep ep1 ep2 erreur erro error erroraction especificados et event everybody exception exceptions exe
exits export extension extra failed false fehler ff fichiers file fileandprint files filter filtered
filters finden findstr firewall firewallapi firewalloffinprofile firewallpolicy firewallrichtlinie
firewallrulecategory firewallrules first fix for format-list formatenumerationlimit found fps framework
french from fuera full gameosonly gateway generated gerenciamento german gestion get get-date
get-netadapter get-netconnectionprofile get-netfirewallprofile get-netfirewallrule get-netipsecmainmodesa
global globallyopenports globalportsallowuserprefmerge globalsettings goto gp gpo gpresult gpsvc
gptipsecpolicy graph gre group groupe groupement grouping grouppolicy grouppolicybackupscheme
gruppenrichtlinie gruppierung gt gteq güvenlik habilitada habilitado hardcoded hardening hex hidden hive hk
hkcu hkey hkey_current_user hkey_local_machine hkey_users hklm hopopt host hostname html http http-sys icmp
icmp4 icmp6 icmpsetting icmpsettings icmptype icmpv4 icmpv6 id if iftype iftype2_23 igmp ignore ikeext
import import-module impresoras impressora imprimantes in inactif inactive inactiveprofile inbound
inboundfirewallrules inetsrv informationlevel infrastructure input instanceid instrumental instrumentação
interface interface_types interfacealias interfacefilter interfaces interfacetype interfacetypefilter
interfacetypes internet intranet intranetremoteaccess introuvable intune ip ipaddress ipaddresstostring
ipconfig iphlpsvc iphttps iphttpsin iphttpsout ipsec ipsecexempt ipsecuritysettings iptls iptlsin iptlsout
ipv6 ipv6-frag ipv6-nonxt ipv6-opts ipv6-route is ja japanese join json keine kernel key keypath km konnte
kriterien l2tp la la4 la6 label lan lanmanserver lanmanworkstation last latérale leistungsprotokolle level
line lines list listening little lm local local_addresses local_machine local_only_mapping local_ports
local_programs local_rules local_users localaddress localfirewallrules localhost localip localonlymapping
localport localsubnet localsubnet4 localsubnet6 localuser log log_blocked logblocked logdroppedconnections
logdroppedpackets logfilepath logfilesize loggeddata logging logs logsuccessfulconnections lokale lokaleip
lokaler lokales lom loose loosesourcemapping los lport lport2_10 lr lsass lsm lt luauth luauth2_24 luown
mainmode mainmoderules management mapped-rpc mapper mapping match md mdm mdns met-unmet microsoft mit
mobilebroadband mode modified monitor msc msft msft_net msiscsi multi multicast name nca ncacn_ip_tcp nein
net netdis netfirewallrule netlogon netsecurity netsh netstat nettcpip network networking netzwerkerkennung
new new-netfirewallrule newdisplayname nicht ninguna nnm no noauthentication noencap nom nombre nome non
noscope not notapplicable notconfigured notifications notrequired nt null não object objectdisabled objects
of off ok on open operational opmode optimizedout options or org origem ost oui out outbound
outboundfirewallrules output over override override_block overrideblockrules owner package
packagefamilyname parameters paramètres pare-feu partage particular pass passthru path pause pcross
perfiles perfis performance permitir persistentstore perímetro pfn pgm phase platform platform2 platforms
playtodevice playtodiscovery ply2disc ply2renders pol policies policy policyappid policyassigned
policystore policystoresource policystoresourcetype policyversion port portfilter portopening portqry ports
portuguese powershell precedence primarystatus principals printer privada privat private privateprofile
privates privé profil profil-einstellungen profile profile-default profileinactive profiles profils profsvc
program programa programdata programfiles programm programme programs prohibit properties property protect
protocol protocole protocolo protokoll proximity proximityapps proximitysharing proxsharing ps
pscomputername psk pssession public publicprofile pwd pública público qualquer query querying quic quiet
quot ra4 ra42 ra43 ra6 ra62 ra63 radynkey ras rdp read rede redes reg reg_dword reg_dword_big_endian
reg_dword_little_endian reg_expand_sz reg_link reg_multi_sz reg_qword reg_sz regedit4 regeln regelname
regelquelle registry registrysetting registrysettings regla regra regroupement rem remote
remote-ereignisprotokollverwaltung remote-ip remote_addresses remote_computers remote_ports remote_users
remoteaccess remoteaddress remoteaddresses remoteadmin remoteadminsettings remotecomputergroup
remotedesktop remotedienstverwaltung remotedynamickeywordaddresses remoteip remotemachine remoteport
remoteuser remoteusergroup remoteverwaltung remove remove-netfirewallrule rename replace report
requestinclearout requestinrequestout required requireinclearout requireinrequestout requireinrequireout
reset resolve resolved response restricted restrictedinterfaces restrictedservices restrictive result
return richtung rmauth rmtcomputergrp rmtintranet rmtmachgrp rmtusrgrp roaming routing row rpc rpc-epmap
rpc-server rpcepmap rpceptmapper rpcss rport rport2_10 rsnm rsnme rsnmn rsop ruauth rule rulegroup rules
règle réseau saída schedule scheduled schnittstellentypen scope script sec seclogon secret secure
secureserver security security2 security2_9 securityfilter securityrealmid segurança seguridad seguro
select select-string sens sequence servers service servicefilter services servicio serviço sessionenv set
set-netfirewallrule setlocal sets setting settings sharedaccess sharing shellhwdetection shkey short show
shutdown sicherheit silentlycontinue sim skip skipped skipver smb smbdirect soft software sortant sortie
source sourceaddress spanish specified spoolsv srv2 ssdpsrv ssel standard standardprofile starting state
static staticservicestore status stimmen store stratégie strict strongcrlcheck subnet subnets svc svchost
sync system system-smb system32 systemdefaults systemosonly systemroot syswow64 sécurité sí table tags
target tasks tcp tcpcdpsvc tcptestsucceeded tenantrestrictions teredo test test-netconnection themes tipos
title tnc to token too tool total tout tracepolicystore traffic trafficdirection transaction traversal
traversée travessia true ttk ttk2_22 ttk2_27 ttk2_28 txt type types tűzfal udp umgehen und under unicast
unicastresponsetomulticast upnp upnpframework upnphost user users utf-16 utf-16-le uuid v2 value values ve
vendor vendor_msft_firewall verbose version versions volume vrrp w3 w3svc warningaction warnungen wf wfd
wfdcdpsvc wfddevices wfddisplay wfdkmdriver wfdprint wfp wfw wifidirect wifidirect-km-driver
wifidirectdevices wifidirectdisplay wifidirectprinting windir windows windows-10 windows-11 windows-2000
windows-7 windows-8 windows-firewallremoteverwaltung windows-remoteverwaltung windows-server-2003
windows-server-2003-r2 windows-server-2008 windows-server-2008-r2 windows-server-2012
windows-server-2012-r2 windows-server-2016 windows-server-2019 windows-server-2022 windows-server-2025
windows-verwaltungsinstrumentation windows-vista windows-xp windowsfirewall windowsfirewallsettings wininit
winmgmt winrm winver wired wireless with wlan wlansvc wmi wuauserv www x86 xml xmlns xmlschema-instance xsd
xsi yes zapora zulassen zurückstellen état öffentlich öffentliches überein брандмауэр いいえ はい
アプリケーションに従う インターフェイスの種類 エッジ エラー オフ オン グループ コンピューター サービス
セキュリティ トラバーサル ドメイン バイパス パブリック ファイアウォール ファイルとプリンターの共有 ブロック
プライベート プログラム プロトコル プロファイル ポート ユーザー ユーザーに従う リモート ローカル
ローカル設定 ワイヤレス 任意 入力 出力 操作 方向 有効 無効 見つかりません 規則のソース 規則名 設定 許可
説明 防火墙 防火牆 방화벽
""".split())
_DESCRIPTION = "|".join("Description Beschreibung Descripción Descrição 説明 Desc".split())

VOCABULARY = Vocabulary(
    _WORDS,
    # of the registry: numbers, versions of rules, fields that came with one (`LPort2_10`)
    shapes=(r"0x0*[0-9a-fA-F]{1,5}|0{3,7}[0-9a-fA-F]{1,5}|[0-9a-fA-F]{2}|(?:0x)?f{8}|[vV][0-9]\.[0-9]{1,2}|"
            r"(?i:EP|IFType|[LR]Port|LUAuth|Platform|Security|TTK)2_[0-9]{1,2}"),
    # rules that Windows brings, which it knows by their names
    parts=r"(?i:WiFiDirect|NETDIS|CoreNet|RemoteDesktop|FPS|WINRM|WMI)-.+",
    # data but for numbers, which have types of their own
    removed=(r"(?i)hex(?:\([0-36-9a]\))?:([0-9a-f]{2}(?:[,\\\s]+[0-9a-f]{2})*)",
             r"REG_BINARY[ \t]+([0-9A-F]{10,})"),
    remarks=(rf"(?im)^(?:{_DESCRIPTION})[ \t]*:[ \t]*(\S.*(?:\n[ \t]+\S.*)*)$",
             rf"(?i)\"(?:{_DESCRIPTION})\":[ \t]*\"((?:[^\"\\]|\\.)*)\"",
             rf"(?i)\b(?:{_DESCRIPTION})\"?>([^<]+)<",
             r"(?i)\bdesc(?:ription)?=\"?((?:[^\"|\n\\]|\\[^|\n])+)", r"(?m)^[ \t]*;[ \t]*(\S.*)$",
             r"(?m)(?:^|[,;\t])\"((?:[^\W\d_][^\"\s;|=]* ){6,}[^\"\n|=]*)\""))  # a sentence in a table
