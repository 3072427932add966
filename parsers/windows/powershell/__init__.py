"""What the NetSecurity module of PowerShell prints and takes."""
