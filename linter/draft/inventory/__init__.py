"""An inventory that the product itself exports: sites, the roles of servers, groups of networks."""
