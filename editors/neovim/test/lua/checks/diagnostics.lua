--- The server attaches where it should, and what it finds stands where it should.
local checks = require('checks')
local check, equal, becomes = checks.check, checks.equal, checks.becomes

local host_bits = '74:27-74:52 warn akslint AKS102 local.services["Zürich"]'
local overlap = '74:27-74:52 warn akslint AKS111 local.services["Zürich"]'

local main, client

check('a .tf file has the server, with the repository as its root', function()
  main, client = checks.open('infra/main.tf')
  equal(vim.bo[main].filetype, 'terraform')
  equal(client.root_dir, vim.fn.getcwd())
  equal(client.server_info and client.server_info.name, 'akslint')
end)

check('positions are counted in UTF-8', function()
  equal(client.offset_encoding, 'utf-8')
end)

check('findings in Terraform lie behind umlauts and an emoji', function()
  becomes(function()
    return checks.findings(main)
  end, { host_bits, overlap })
end)

check('a finding names its rule and the places that explain it', function()
  local finding = vim.iter(vim.diagnostic.get(main)):find(function(it)
    return it.code == 'AKS111'
  end)
  equal(finding.user_data.lsp.codeDescription.href:match('docs/rules/.*$'), 'docs/rules/AKS111-service-cidr-overlaps-vnet.md')
  local places = {}
  for _, related in ipairs(finding.user_data.lsp.relatedInformation) do
    local start = related.location.range.start
    local name = vim.fn.fnamemodify(vim.uri_to_fname(related.location.uri), ':t')
    table.insert(places, ('%s:%d:%d %s'):format(name, start.line + 1, start.character + 1, related.message))
  end
  equal(places, {
    'main.tf:16:42 set here',
    'main.tf:28:25 the cluster is in this virtual network',
    'terraform.tfvars:1:17 set here',
  })
end)

check('a .tf file that is empty is Terraform and has the server', function()
  local buffer, same = checks.open('infra/outputs.tf')
  equal({ vim.bo[buffer].filetype, same.id }, { 'terraform', client.id })
end)

check('a buffer that is called tf has the server, as Terraform', function()
  local _, same = checks.open('infra/variables.tf')
  vim.bo.filetype = 'tf'
  equal(#vim.lsp.get_clients({ name = 'akslint', bufnr = 0 }), 1)
  equal(same.get_language_id(0, 'tf'), 'terraform')
end)

check('.tfvars, .bicep, .bicepparam and .json have the same server', function()
  for _, name in ipairs({ 'infra/terraform.tfvars', 'bicep/main.bicep', 'bicep/prod.bicepparam', 'arm/package.json' }) do
    local _, same = checks.open(name)
    equal({ name, same.id }, { name, client.id })
  end
end)

check('a finding in Bicep', function()
  local buffer = checks.open('bicep/main.bicep')
  becomes(function()
    return checks.findings(buffer)
  end, { "25:43-25:57 error akslint AKS118 '10.70.128.10'" })
end)

check('a finding in an ARM template', function()
  local buffer = checks.open('arm/azuredeploy.json')
  becomes(function()
    return checks.findings(buffer)
  end, { '14:101-14:104 error akslint AKS213 500' })
end)

check('JSON that is no template has none', function()
  equal(checks.findings(checks.open('arm/package.json')), {})
end)

check('an unsaved edit of terraform.tfvars clears a finding in main.tf', function()
  local variables = checks.open('infra/terraform.tfvars')
  checks.replace(variables, '10.60.0.0/16', '10.80.0.0/16')
  becomes(function()
    return checks.findings(main)
  end, { host_bits })
  vim.cmd('silent undo')
  becomes(function()
    return checks.findings(main)
  end, { host_bits, overlap })
end)

check('so does another program, as soon as something is saved', function()
  vim.fn.writefile({ 'address_space = "10.80.0.0/16"' }, 'infra/terraform.tfvars')
  vim.cmd.edit({ bang = true })
  vim.cmd.bdelete()
  vim.cmd.edit('infra/variables.tf')
  vim.cmd('silent write')
  becomes(function()
    return checks.findings(main)
  end, { host_bits })
end)

check('a half-typed block keeps the findings of the others', function()
  vim.cmd.buffer(main)
  vim.api.nvim_buf_set_lines(main, -1, -1, false, { '', 'resource "azurerm_subnet" "pods" {', '  name = "snet-p' })
  becomes(function()
    return vim.tbl_contains(checks.findings(main), host_bits)
      and vim.iter(vim.diagnostic.get(main)):any(function(it)
        return it.code == 'AKS001'
      end)
  end, true)
end)

check('the server leaves when it is told to', function()
  local code
  client.config.on_exit = nil
  table.insert(client._on_exit_cbs, function(exit)
    code = exit
  end)
  client:stop()
  becomes(function()
    return code
  end, 0)
end)
