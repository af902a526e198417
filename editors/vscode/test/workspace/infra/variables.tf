variable "environment" {
  description = "Stage of the deployment: dev, test or prod."
  type        = string
}

variable "address_space" {
  description = "Range of the virtual network, a /16."
  type        = string
}

variable "sorting_max_count" {
  description = "Nodes of the sorting pool at most."
  type        = number
}
