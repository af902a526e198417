--- The commands, the help page and the report of health.
local checks = require('checks')
local check, equal, becomes = checks.check, checks.equal, checks.becomes

local main = checks.open('infra/main.tf')
becomes(function()
  return #vim.diagnostic.get(main)
end, 2)

--- The lines of the window in front, once it shows what is asked for.
local function shown(name)
  vim.wait(10000, function()
    return vim.api.nvim_buf_get_name(0) == name
  end, 20)
  equal(vim.api.nvim_buf_get_name(0), name)
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

check(':AkslintNetwork shows the network of the file in front', function()
  vim.cmd.AkslintNetwork()
  local lines = shown('akslint://network')
  equal(lines[1], 'deployment infra')
  equal(vim.tbl_contains(lines, '  service cidrs: [10.60.8.9/21]  # infra/main.tf:74 from infra/main.tf:16'), true)
  equal(vim.bo.modifiable, false)
end)

check(':AkslintNetwork takes a path, and uses its window again', function()
  local windows = #vim.api.nvim_list_wins()
  vim.cmd.AkslintNetwork('bicep/main.bicep')
  becomes(function()
    return (vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] or ''):match('^deployment (%S+)')
  end, 'bicep/main.bicep')
  equal(#vim.api.nvim_list_wins(), windows)
  vim.api.nvim_feedkeys('q', 'x', false)
  equal(vim.api.nvim_get_current_buf(), main)
end)

check(':AkslintExplain shows the page of a rule', function()
  vim.cmd.AkslintExplain('service-cidr-overlaps-vnet')
  equal(shown('akslint://rule')[1], 'AKS111 service-cidr-overlaps-vnet')
  vim.cmd.close()
end)

check(':AkslintExplain offers the rules of the line of the cursor', function()
  local offered
  vim.ui.select = function(items, _, choose)
    offered = items
    choose(items[1])
  end
  vim.api.nvim_win_set_cursor(0, { 74, 0 })
  vim.cmd.AkslintExplain()
  local line = shown('akslint://rule')[1]
  table.sort(offered)
  equal(offered, { 'AKS102', 'AKS111' })
  equal(vim.tbl_contains(offered, line:sub(1, 6)), true)
  vim.cmd.close()
end)

check(':AkslintExplain completes codes and names', function()
  equal(vim.fn.getcompletion('AkslintExplain aks11', 'cmdline')[1], 'AKS110')
  equal(vim.fn.getcompletion('AkslintExplain kubenet-r', 'cmdline'), { 'kubenet-retirement' })
end)

check('an unknown rule is said', function()
  local said
  vim.notify = function(message)
    said = message
  end
  vim.cmd.AkslintExplain('AKS999')
  becomes(function()
    return said and said:match('^[^\n]*')
  end, "error: no rule is called 'AKS999'")
end)

check(':help akslint opens, and all its links lead somewhere', function()
  local doc = vim.env.AKSLINT_PLUGIN .. '/doc'
  vim.cmd.helptags(doc)
  vim.cmd.help('akslint')
  equal(vim.fn.expand('%:t'), 'akslint.txt')
  local links = 0
  for _, line in ipairs(vim.fn.readfile(doc .. '/akslint.txt')) do
    equal({ line, vim.fn.strdisplaywidth(line) <= 78 }, { line, true })
    for link in line:gmatch('|([^|%s]+)|') do
      links = links + 1
      equal({ link, vim.tbl_contains(vim.fn.getcompletion(link, 'help'), link) }, { link, true })
    end
  end
  equal(links >= 8, true)
  vim.cmd.helpclose()
end)

check(':checkhealth akslint finds nothing to complain of', function()
  vim.cmd('silent checkhealth akslint')
  local lines = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  equal(lines:match('ERROR') or lines:match('WARNING'), nil)
  equal(lines:find('running for ' .. vim.fn.getcwd() .. ', with 1 buffers', 1, true) ~= nil, true)
end)
