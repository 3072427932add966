"""What to give where an input holds too little."""

from aclproof.reason import Reason

_KEY = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
INSTEAD = Reason("give what 'reg export {key} local.reg' writes, or the PowerShell export of "
                  "docs/export-windows-firewall.md", key=_KEY)
