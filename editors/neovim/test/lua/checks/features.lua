--- Code actions, hover and hints, as Neovim itself asks for them and shows them.
local checks = require('checks')
local check, equal, becomes = checks.check, checks.equal, checks.becomes

local main, client = checks.open('infra/main.tf')
becomes(function()
  return #vim.diagnostic.get(main)
end, 2)

local function codes()
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(main)) do
    table.insert(found, it.code)
  end
  table.sort(found)
  return found
end

--- The text of the hover of a place.
local function hover(line, column)
  local answer = client:request_sync('textDocument/hover', {
    textDocument = vim.lsp.util.make_text_document_params(main),
    position = { line = line - 1, character = column - 1 },
  }, 10000, main)
  return answer and answer.result and answer.result.contents.value or vim.inspect(answer)
end

check('a hover tells the value of an expression and where it comes from', function()
  local text = hover(74, 30)
  equal({ text, text:find('10.60.8.9/21', 1, true) ~= nil }, { text, true })
end)

check('a hover window opens', function()
  vim.api.nvim_win_set_cursor(0, { 74, 29 })
  vim.lsp.buf.hover()
  becomes(function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(window)
      return vim.api.nvim_win_get_config(window).relative ~= ''
    end)
  end, true)
end)

check('an inlay hint tells what cidrsubnet comes to', function()
  vim.lsp.inlay_hint.enable(true, { bufnr = main })
  becomes(function()
    local hints = vim.lsp.inlay_hint.get({ bufnr = main })
    return vim.iter(hints):any(function(hint)
      local label = hint.inlay_hint.label
      label = type(label) == 'string' and label or label[1].value
      return hint.inlay_hint.position.line == 34 and label:find('10.60.0.0/22', 1, true) ~= nil
    end)
  end, true)
end)

check('a fix is applied in a line with umlauts and an emoji, and its finding goes', function()
  vim.api.nvim_win_set_cursor(0, { 74, 30 })
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.kind == 'quickfix' and action.title:find('10.60.8.0/21', 1, true) ~= nil
    end,
    apply = true,
  })
  becomes(function()
    return vim.api.nvim_buf_get_lines(main, 15, 16, false)[1]
  end, '  services = { /* 🏔️ */ "Zürich" = "10.60.8.0/21", /* 🌉 */ "Köln" = "10.60.16.0/21" }')
  becomes(codes, { 'AKS111' })
end)

check('undo brings the finding back', function()
  vim.cmd('silent undo')
  becomes(codes, { 'AKS102', 'AKS111' })
end)

check('the page of a rule opens in the browser', function()
  local opened
  vim.ui.open = function(address)
    opened = address
    return {
      wait = function()
        return { code = 0 }
      end,
    }
  end
  vim.api.nvim_win_set_cursor(0, { 74, 30 })
  vim.lsp.buf.code_action({
    filter = function(action)
      return action.command ~= nil and action.title:find('AKS111', 1, true) ~= nil
    end,
    apply = true,
  })
  becomes(function()
    return opened and opened:match('docs/rules/.*$')
  end, 'docs/rules/AKS111-service-cidr-overlaps-vnet.md')
end)
