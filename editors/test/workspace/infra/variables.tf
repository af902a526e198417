variable "address_space" {
  description = "Range of the plant's virtual network."
  type        = string
}
