"""What to give where an input holds too little."""

_KEY = r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
INSTEAD = (f"give what 'reg export {_KEY} local.reg' writes, or the PowerShell export of "
           "docs/export-windows-firewall.md")
