address_space = "10.60.0.0/16"
