environment       = "prod"
address_space     = "10.60.0.0/16"
sorting_max_count = 6
