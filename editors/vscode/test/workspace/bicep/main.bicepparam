using 'main.bicep'

param addressSpace = '10.70.0.0/16'
