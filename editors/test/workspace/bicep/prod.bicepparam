using 'main.bicep'

param serviceCidr = '10.90.0.0/16'
