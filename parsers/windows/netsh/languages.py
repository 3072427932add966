"""netsh's words in every language that is known here, from real output and from Microsoft's help texts.

German's pair of directions is `Eingehend` and `Aus`; French says `Actif` for inbound. Where two spellings of
a word were met, both are taken. A language that is not complete here leaves the words out that were never
seen: a file that uses them is refused, and the message names the word.
"""

from __future__ import annotations

from collections.abc import Mapping

from aclproof.parsers.windows.netsh.vocabulary import Field, Language, Setting, words
from aclproof.parsers.windows.records.rule import InterfaceType, Store

_INTERFACES: Mapping[str, InterfaceType] = {"LAN": "Lan", "Wireless": "Wireless", "RAS": "RemoteAccess"}
_LOCAL: Mapping[str, Store] = {"Local Setting": "local", "Group Policy Setting|Group Policy": "policy"}
_SETTINGS: Mapping[str, Setting] = {
    "Firewall Policy": "policy", "LocalFirewallRules": "local rules",
    "UnicastResponseToMulticast": "unicast response", "LogDroppedConnections": "log blocked"}
_SAME: Mapping[str, Field] = {
    "LocalIP": "local addresses", "RemoteIP": "remote addresses", "LocalPort": "local ports",
    "RemotePort": "remote ports", "InterfaceTypes": "interface types", "RemoteComputerGroup": "computers",
    "RemoteUserGroup": "users"}
"""Labels that several translations leave in English."""

ENGLISH = Language(
    name="English",
    labels=words({
        **_SAME, "Rule Name": "name", "Description": "description", "Enabled": "enabled",
        "Direction": "direction", "Profiles": "profiles", "Grouping": "group", "Protocol": "protocol",
        "Edge traversal": "edge",
        "Program": "program", "Service": "service", "Security": "security", "Rule source": "source",
        "Action": "action"}),
    yes_no=words({"Yes": True, "No": False}),
    directions=words({"In": "In", "Out": "Out"}),
    profiles=words({"Domain": "Domain", "Private": "Private", "Public": "Public"}),
    actions=words({"Allow": "Allow", "Block": "Block", "Bypass": "ByPass"}),
    any=words({"Any": True}),
    edges=words({"No": "No", "Yes": "Yes", "Defer to application": "App", "Defer to user": "User"}),
    no_rules="No rules match the specified criteria.",
    headings=words({"Domain Profile Settings": "Domain", "Private Profile Settings": "Private",
                    "Public Profile Settings": "Public"}),
    settings=words({**_SETTINGS, "State": "state"}),
    states=words({"ON": True, "OFF": False}),
    switches=words({"Enable": True, "Disable": False}),
    interface_types=words(_INTERFACES),
    sources=words(_LOCAL))

GERMAN = Language(
    name="German",
    labels=words({
        **_SAME, "Regelname": "name", "Beschreibung": "description", "Aktiviert": "enabled",
        "Richtung": "direction", "Profile": "profiles", "Gruppierung": "group",
        "Lokales IP|LokaleIP|Lokale IP": "local addresses",
        "Remote-IP": "remote addresses", "Protokoll": "protocol", "Lokaler Port": "local ports",
        "Remoteport": "remote ports", "Edgeausnahme": "edge", "Programm": "program", "Dienst": "service",
        "Schnittstellentypen": "interface types", "Sicherheit": "security", "Regelquelle": "source",
        "Aktion": "action"}),
    yes_no=words({"Ja": True, "Nein": False}),
    directions=words({"Eingehend": "In", "Aus|Ausgehend": "Out"}),
    profiles=words({"Domäne": "Domain", "Privat": "Private", "Öffentlich": "Public"}),
    actions=words({"Zulassen": "Allow", "Blockieren": "Block", "Umgehen": "ByPass"}),
    any=words({"Beliebig": True}),
    edges=words({"Nein": "No", "Ja": "Yes", "Auf Anwendung zurückstellen": "App",
                 "Auf Benutzer zurückstellen": "User"}),
    no_rules="Keine Regeln stimmen mit den angegebenen Kriterien überein.",
    headings=words({"Domänenprofil-Einstellungen": "Domain", "Privates Profil-Einstellungen": "Private",
                    "Öffentliches Profil-Einstellungen": "Public"}),
    settings=words({**_SETTINGS, "Status": "state", "Firewallrichtlinie": "policy"}),
    states=words({"EIN": True, "AUS": False}),
    switches=words({"Aktivieren": True, "Deaktivieren": False}),
    interface_types=words({**_INTERFACES, "Drahtlos": "Wireless"}),
    sources=words({"Lokale Einstellung": "local"}))

FRENCH = Language(
    name="French",
    labels=words({
        **_SAME, "Nom de la règle": "name", "Description": "description", "Activé|Activée": "enabled",
        "Direction|Sens": "direction", "Profils|Profiles": "profiles",
        "Regroupement|Groupement": "group", "Protocole": "protocol", "Programme": "program",
        "Service": "service", "Sécurité": "security", "Traversée latérale": "edge", "Action": "action"}),
    yes_no=words({"Oui": True, "Non": False}),
    directions=words({"Actif|Entrée|Entrant": "In", "Sortie|Sortant": "Out"}),
    profiles=words({"Domaine": "Domain", "Privé": "Private", "Public": "Public"}),
    actions=words({"Autoriser": "Allow", "Bloquer": "Block"}),
    any=words({"Tout": True}),
    edges=words({"Non": "No", "Oui": "Yes"}),
    headings=words({"Paramètres Profil de domaine": "Domain", "Paramètres Profil privé": "Private",
                    "Paramètres Profil public": "Public"}),
    settings=words({**_SETTINGS, "État": "state", "Stratégie de pare-feu": "policy"}),
    states=words({"Actif": True, "Inactif": False}),
    switches=words({"Activer": True, "Désactiver": False}),
    interface_types=words(_INTERFACES))

SPANISH = Language(
    name="Spanish",
    labels=words({
        **_SAME, "Nombre de regla": "name", "Descripción": "description", "Habilitada": "enabled",
        "Dirección": "direction", "Perfiles": "profiles", "Agrupamiento": "group", "Protocolo": "protocol",
        "Cruce seguro del perímetro": "edge", "Programa": "program", "Servicio": "service",
        "Seguridad": "security", "Acción": "action"}),
    yes_no=words({"Sí": True, "No": False}),
    directions=words({"Dentro": "In", "Fuera": "Out"}),
    profiles=words({"Dominio": "Domain", "Privada": "Private", "Pública": "Public"}),
    actions=words({"Permitir": "Allow", "Bloquear": "Block"}),
    any=words({"Cualquiera": True}),
    edges=words({"No": "No", "Sí": "Yes"}),
    no_rules="Ninguna regla coincide con los criterios especificados.",
    headings=words({}), settings=words(_SETTINGS), states=words({}), switches=words({}),
    interface_types=words(_INTERFACES))

PORTUGUESE = Language(
    name="Portuguese",
    labels=words({
        **_SAME, "Nome da Regra": "name", "Descrição": "description", "Habilitado": "enabled",
        "Direção": "direction", "Perfis": "profiles", "Agrupamento": "group", "Protocolo": "protocol",
        "Travessia da borda": "edge", "Programa": "program", "Serviço": "service",
        "Tipos de Interface": "interface types", "Segurança": "security", "Origem da Regra": "source",
        "Ação": "action"}),
    yes_no=words({"Sim": True, "Não": False}),
    directions=words({"Entrada": "In", "Saída": "Out"}),
    profiles=words({"Domínio": "Domain", "Particular": "Private", "Público": "Public"}),
    actions=words({"Permitir": "Allow", "Bloquear": "Block"}),
    any=words({"Qualquer": True}),
    edges=words({"Não": "No", "Sim": "Yes"}),
    headings=words({}), settings=words(_SETTINGS), states=words({}), switches=words({}),
    interface_types=words(_INTERFACES),
    sources=words({"Configuração Local": "local"}))

JAPANESE = Language(
    name="Japanese",
    labels=words({
        **_SAME, "規則名": "name", "説明": "description", "有効": "enabled", "方向": "direction",
        "プロファイル": "profiles", "グループ": "group", "ローカル IP": "local addresses",
        "リモート IP": "remote addresses", "プロトコル": "protocol", "ローカル ポート": "local ports",
        "リモート ポート": "remote ports", "エッジ トラバーサル": "edge", "プログラム": "program",
        "サービス": "service", "インターフェイスの種類": "interface types",
        "リモート コンピューター グループ": "computers", "リモート ユーザー グループ": "users",
        "セキュリティ": "security", "規則のソース": "source", "操作": "action"}),
    yes_no=words({"はい": True, "いいえ": False}),
    directions=words({"入力": "In", "出力": "Out"}),
    profiles=words({"ドメイン": "Domain", "プライベート": "Private", "パブリック": "Public"}),
    actions=words({"許可": "Allow", "ブロック": "Block", "バイパス": "ByPass"}),
    any=words({"任意": True}),
    edges=words({"いいえ": "No", "はい": "Yes", "アプリケーションに従う": "App", "ユーザーに従う": "User"}),
    headings=words({"ドメイン プロファイル 設定": "Domain", "プライベート プロファイル 設定": "Private",
                    "パブリック プロファイル 設定": "Public"}),
    settings=words({**_SETTINGS, "State": "state"}),
    states=words({"オン": True, "オフ": False}),
    switches=words({"有効": True, "無効": False}),
    interface_types=words({**_INTERFACES, "ワイヤレス": "Wireless"}),
    sources=words({"ローカル設定": "local"}))

LANGUAGES = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, JAPANESE)
